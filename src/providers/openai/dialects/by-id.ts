import type { Abilities, DialectName, Kind } from '../servers/abilities.ts'

/** Kinds by parts of names, for servers that do not say what their models are. The first that fits. */
const kindsById: readonly (readonly [RegExp, Kind])[] = [
  [/rerank/, 'rerank'],
  [/embed|(?:^|[/-])(?:bge|gte|e5)-|minilm/, 'embedding'],
  [/whisper|transcri|voxtral-mini-transcribe|parakeet|(?:^|[/-])asr/, 'transcription'],
  [/(?:^|[/-])tts(?:-|$)|-tts(?:-|$)|kokoro|orpheus/, 'speech'],
  [/dall-e|gpt-image|image-1|(?:^|[/-])(?:flux|sdxl|stable-diffusion)/, 'image'],
]

const seesById = [
  /vision|(?:^|[/-])(?:llava|pixtral|internvl|minicpm-v|gemma-3|llama-4|gpt-4o|gpt-4\.1|gpt-5|o[134])|-vl(?:-|$)/,
  /(?:^|[/-])qwen[\d.]*-?vl/,
]
const effortById = /gpt-oss|gpt-5|(?:^|\/)o[134](?:-|$)/

/** What a model can do as far as its name tells. */
export function abilitiesById(id: string, dialect: DialectName): Abilities {
  const name = id.toLowerCase()
  return {
    dialect,
    kind: kindsById.find(([pattern]) => pattern.test(name))?.[1] ?? 'chat',
    context: null,
    pictures: seesById.some((pattern) => pattern.test(name)),
    audio: false,
    reasoning: effortById.test(name) ? 'effort' : 'no',
    defaults: {},
  }
}
