import { isList, isObject, type Json, type JsonObject } from '../../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../../domain/json/parts.ts'
import type { InputFiles } from '../files.ts'
import { NotSendable } from '../not-sendable.ts'
import type { Pictures } from '../pictures/pictures.ts'

/** A part of a message, as all servers but Ollama take it. */
export type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | {
      readonly type: 'input_audio'
      readonly input_audio: { readonly data: string; readonly format: string }
    }

export interface Message {
  readonly role: string
  readonly content: readonly Content[]
}

/** The most messages of a conversation, and the most parts of one. */
const mostMessages = 2_000
const mostParts = 100

export interface MessagesOptions {
  readonly input: JsonObject
  readonly files: InputFiles
  readonly pictures: Pictures
}

/**
 * The conversation that an input describes: `system_prompt`, `messages`, and then `prompt` with its pictures
 * and audio as the next question. Throws `NotSendable`.
 */
export async function conversationOf(options: MessagesOptions): Promise<readonly Message[]> {
  const { input } = options
  const before = await givenMessages(options)
  const question = await questionOf(options)
  const system = textIn(input.system_prompt)
  const hasSystem = before[0]?.role === 'system' || system.trim() === ''
  const all = [
    ...(hasSystem ? [] : [{ role: 'system', content: [{ type: 'text', text: system }] } as const]),
    ...before,
    ...(question.length > 0 ? [{ role: 'user', content: question }] : []),
  ]
  if (!all.some(({ role }) => role !== 'system')) throw new NotSendable(nothingAsked)
  return all
}

const nothingAsked = 'prompt: Ask something, in prompt or in messages.'

async function givenMessages({ input, pictures }: MessagesOptions): Promise<readonly Message[]> {
  const given = listIn(input.messages)
  if (given.length > mostMessages)
    throw new NotSendable(`messages: A conversation has at most ${mostMessages} messages.`)
  const messages: Message[] = []
  for (const [at, message] of given.entries()) {
    const field = `messages, ${at + 1}`
    const { role, content } = objectIn(message)
    if (typeof role !== 'string' || !isObject(message) || !/^[a-z]{1,20}$/.test(role))
      throw new NotSendable(`${field}: A message has a role, such as "user", and a content.`)
    messages.push({ role, content: await contentOf(content, field, pictures) })
  }
  return messages
}

async function contentOf(
  content: Json | undefined,
  field: string,
  pictures: Pictures,
): Promise<readonly Content[]> {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!isList(content) || content.length > mostParts)
    throw new NotSendable(`${field}: The content is a text, or a list of up to ${mostParts} parts.`)
  const parts: Content[] = []
  for (const part of content) parts.push(await partOf(part, field, pictures))
  return parts
}

async function partOf(part: Json, field: string, pictures: Pictures): Promise<Content> {
  const { type, text, image_url: image, input_audio: audio } = objectIn(part)
  if (type === 'text' && typeof text === 'string') return { type, text }
  if (type === 'image_url') {
    const url = textIn(typeof image === 'string' ? image : objectIn(image).url)
    return { type, image_url: { url: await pictures.ofText(url, field) } }
  }
  const { data, format } = objectIn(audio)
  if (type === 'input_audio' && typeof data === 'string' && typeof format === 'string')
    return { type, input_audio: { data, format } }
  throw new NotSendable(`${field}: A part is of the type text, image_url or input_audio.`)
}

async function questionOf({ input, files, pictures }: MessagesOptions): Promise<Content[]> {
  const parts: Content[] = []
  for (const file of files.filesIn(input.images))
    parts.push({ type: 'image_url', image_url: { url: await pictures.ofFile(file, 'images') } })
  for (const file of files.filesIn(input.audio)) {
    const data = (await files.read(await files.copy(file, 'audio'))).toString('base64')
    const format = /wav/.test(file.type) ? 'wav' : 'mp3'
    parts.push({ type: 'input_audio', input_audio: { data, format } })
  }
  const prompt = textIn(input.prompt)
  if (prompt.trim() === '' && parts.length === 0) return []
  return [...parts, { type: 'text', text: prompt }]
}
