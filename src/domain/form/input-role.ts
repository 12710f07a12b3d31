import type { Property } from '../schema/value-schema.ts'
import { fieldTypeOf, takesFiles } from './fields/index.ts'

/** Names of inputs that may be the main one. */
const promptName = /prompt/i
const textName =
  /^(?:texts?|messages?|questions?|query|queries|lyrics?|captions?|scripts?|instructions?|sentences?|stor(?:y|ies)|transcripts?|content|descriptions?|topics?|words?)$/
const fileName =
  /^(?:images?|img|photos?|pictures?|audios?|videos?|files?|documents?|pdf|songs?|speech|voice|url|uri|frames?)$/
/** A default of several words is a text, whatever its name. */
const proseWords = 4
const proseStart = 200

const tuningName =
  /^(?:seeds?|masks?|(?:num|ddim|inference)?steps?|guidance|cfg|min|stop|schema|scales?|strengths?|temperature|temp|top|schedulers?|samplers?|solver|penalty|penalties|safety|nsfw|watermark|loras?|weights?|refine|refiner|noise|denoise|denoising|eta|thresholds?|sigmas?|quality|format|tokens|beams?|batch|clip|skip|karras|frac|conditioning|iterations?|overlap|stride|tiles?|tiling|cache|offload|fast|debug|verbose|checkpoints?|dtype|precision|crf|codec|patience|sequences?)$/
/** Files that tune a model. Any other file may be its main input. */
const tuningFileName = /^(?:masks?|weights?|loras?|checkpoints?|embeddings?)$/

/** Whether an input may be the main one of a model: its prompt, text or file. */
export function mayBeMain(property: Property): boolean {
  const words = wordsOf(property.name)
  if (takesFiles(property)) return !words.some((word) => tuningFileName.test(word))
  if (!fieldTypeOf(property).takesText(property)) return false
  if (promptName.test(property.name)) return true
  if (words.some((word) => tuningName.test(word))) return false
  return (
    /^inputs?$/i.test(property.name) ||
    words.some((word) => textName.test(word) || fileName.test(word)) ||
    isProse(property)
  )
}

/** Whether an input is a file that says which part of a picture is meant. */
export function isMask(property: Property): boolean {
  return takesFiles(property) && wordsOf(property.name).some((word) => /^masks?$/.test(word))
}

/** Whether an input is a seed, a mask or a tuning parameter. */
export function isTuning(property: Property): boolean {
  return wordsOf(property.name).some((word) => tuningName.test(word))
}

/** Whether an input is the turns of a conversation, in the form of OpenAI’s API. */
export function isConversation({ name, schema }: Property): boolean {
  return name === 'messages' && schema.type === 'array' && schema.items?.type === 'object'
}

function isProse({ schema }: Property): boolean {
  const { default: fallback } = schema
  if (typeof fallback !== 'string') return false
  return fallback.slice(0, proseStart).trim().split(/\s+/).length >= proseWords
}

/** The words of `negative_prompt`, `guidanceScale` or `image-2`, in lower case. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
}
