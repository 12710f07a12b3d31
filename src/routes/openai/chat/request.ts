import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { type ApiError, badRequest, unsupported } from '../errors.ts'

/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
  /** Addresses, or `data:` URIs. */
  readonly images: readonly string[]
}

/** A request of a chat completion, as far as it does not depend on the model. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly stream: boolean
  /** Whether the stream ends with how many tokens were used. */
  readonly includeUsage: boolean
  /** The whole body, for what the model may take of it. */
  readonly body: JsonObject
}

export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ApiError }

/** Reads the body of a chat completion. */
export function readChatRequest(body: Json): Reading<ChatRequest> {
  if (!isObject(body)) return wrong('The body must be a JSON object.', 'body')
  const { model, stream = false, stream_options: options = null } = body
  if (typeof model !== 'string') return wrong('model must be the name of a model.', 'model')
  const refused = refusedMember(body)
  if (refused) return { ok: false, error: refused }
  if (typeof stream !== 'boolean' && stream !== null)
    return wrong('stream must be true or false.', 'stream')
  const messages = readMessages(body.messages)
  if (!messages.ok) return messages
  const includeUsage = isObject(options) && options.include_usage === true
  return {
    ok: true,
    value: { model, messages: messages.value, stream: stream === true, includeUsage, body },
  }
}

/** The member without which the answer would not be the one that was asked for. Others are ignored. */
function refusedMember(body: JsonObject): ApiError | null {
  const { n = null, tools = null, functions = null, logprobs = null, modalities = null } = body
  if (n !== null && n !== 1)
    return unsupported('n', 'Only one choice is made: send n as 1, or leave it out.')
  for (const [name, value] of Object.entries({ tools, functions }))
    if (isList(value) && value.length > 0)
      return unsupported(name, 'Models cannot call tools here: leave them out.')
  if (logprobs === true) return unsupported('logprobs', 'Log probabilities are not given.')
  if (isList(modalities) && modalities.some((one) => one !== 'text'))
    return unsupported('modalities', 'The answer is text: leave other modalities out.')
  return null
}

function readMessages(given: Json | undefined): Reading<readonly ChatMessage[]> {
  if (!isList(given) || given.length === 0)
    return wrong('messages must be a list with at least one message.', 'messages')
  const messages: ChatMessage[] = []
  for (const [at, one] of given.entries()) {
    const read = readMessage(one, `messages[${at}]`)
    if (!read.ok) return read
    messages.push(read.value)
  }
  return { ok: true, value: messages }
}

const roles: Readonly<Record<string, ChatMessage['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
}

function readMessage(given: Json, param: string): Reading<ChatMessage> {
  if (!isObject(given)) return wrong(`${param} must be an object.`, param)
  const { role: name, content = null, tool_calls: calls = null } = given
  const role = typeof name === 'string' && Object.hasOwn(roles, name) ? roles[name] : undefined
  if (!role || (isList(calls) && calls.length > 0))
    return wrong(
      `${param}.role must be system, developer, user or assistant: models cannot call tools here.`,
      param,
    )
  if (typeof content === 'string') return { ok: true, value: { role, text: content, images: [] } }
  if (content === null && role === 'assistant')
    return { ok: true, value: { role, text: '', images: [] } }
  if (!isList(content)) return wrong(`${param}.content must be a text or a list of parts.`, param)
  const read = readParts(content, `${param}.content`)
  return read.ok ? { ok: true, value: { role, ...read.value } } : read
}

function readParts(
  parts: readonly Json[],
  param: string,
): Reading<Pick<ChatMessage, 'text' | 'images'>> {
  const texts: string[] = []
  const images: string[] = []
  for (const [at, part] of parts.entries()) {
    const { type = null, text = null, refusal = null } = isObject(part) ? part : {}
    const image = isObject(part) ? addressIn(part.image_url) : null
    if (type === 'image_url' && image === null)
      return wrong(
        `${param}[${at}].image_url must have an http or https URL, or a data: URI.`,
        `${param}[${at}].image_url`,
      )
    if (type === 'text' && typeof text === 'string') texts.push(text)
    else if (type === 'refusal' && typeof refusal === 'string') texts.push(refusal)
    else if (type === 'image_url' && image !== null) images.push(image)
    else
      return wrong(`${param}[${at}] must be a part of type text or image_url.`, `${param}[${at}]`)
  }
  return { ok: true, value: { text: texts.join(''), images } }
}

/** The address of a picture, which some clients send alone. */
function addressIn(given: Json | undefined): string | null {
  const url = isObject(given) ? given.url : given
  return typeof url === 'string' && /^(?:https?:\/\/|data:)/i.test(url) ? url : null
}

function wrong(detail: string, param: string): { readonly ok: false; readonly error: ApiError } {
  return { ok: false, error: badRequest(detail, param) }
}
