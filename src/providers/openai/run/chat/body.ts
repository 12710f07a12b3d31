import type { Json, JsonObject } from '../../../../domain/json/json.ts'
import { isObject } from '../../../../domain/json/json.ts'
import type { DialectName } from '../../servers/abilities.ts'
import type { Content, Message } from './messages.ts'

export interface ChatRequest {
  readonly dialect: DialectName
  /** The server's name for the model. */
  readonly model: string
  readonly messages: readonly Message[]
  /** The other inputs. */
  readonly input: JsonObject
}

/** The body of a chat request, as the server takes it. */
export function chatBody(request: ChatRequest): JsonObject {
  return request.dialect === 'ollama' ? ollamaBody(request) : openAiBody(request)
}

function openAiBody({ dialect, model, messages, input }: ChatRequest): JsonObject {
  const { max_tokens: most, json_schema: schema } = input
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content: shortest(content) })),
    ...streamed,
    ...(dialect === 'llama' ? { return_progress: true } : {}),
    ...set(dialect === 'openai' ? 'max_completion_tokens' : 'max_tokens', most),
    ...samplingOf(input, dialect),
    ...(isObject(schema) ? { response_format: answerFormat(schema, dialect) } : {}),
    ...reasoningOf(input, dialect),
  }
}

/** The body of a request to go on with a text. */
export function completionBody({ dialect, model, input }: Omit<ChatRequest, 'messages'>) {
  const asked = { ...set('prompt', input.prompt), ...set('max_tokens', input.max_tokens) }
  return { model, ...asked, ...streamed, ...samplingOf(input, dialect) }
}

const streamed = { stream: true, stream_options: { include_usage: true } }

function samplingOf(input: JsonObject, dialect: DialectName): JsonObject {
  const penalty = set(penaltyName[dialect] ?? 'repeat_penalty', input.repeat_penalty)
  return { ...given(input, passedOn), ...penalty }
}

const passedOn = [
  ...['temperature', 'top_p', 'top_k', 'min_p', 'presence_penalty', 'frequency_penalty'],
  ...['seed', 'stop'],
]

const penaltyName: Partial<Readonly<Record<DialectName, string>>> = {
  vllm: 'repetition_penalty',
  sglang: 'repetition_penalty',
}

function answerFormat(schema: JsonObject, dialect: DialectName): JsonObject {
  if (dialect === 'tgi') return { type: 'json_object', value: schema }
  return { type: 'json_schema', json_schema: { name: 'answer', schema } }
}

/** Templates of models at llama.cpp are told by arguments of their own. */
function reasoningOf({ reasoning_effort: effort, thinking }: JsonObject, dialect: DialectName) {
  if (dialect !== 'llama') return set('reasoning_effort', effort)
  const told = { ...set('reasoning_effort', effort), ...set('enable_thinking', thinking) }
  return Object.keys(told).length > 0 ? { chat_template_kwargs: told } : {}
}

function ollamaBody({ model, messages, input }: ChatRequest): JsonObject {
  const { json_schema: schema, thinking, reasoning_effort: effort } = input
  const options = {
    ...given(input, [...passedOn, 'repeat_penalty', 'num_ctx']),
    ...set('num_predict', input.max_tokens),
  }
  return {
    model,
    messages: messages.map(ollamaMessage),
    stream: true,
    ...(isObject(schema) ? { format: schema } : {}),
    ...set('think', effort ?? thinking),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  }
}

/** It takes pictures beside the text, in base64. */
function ollamaMessage({ role, content }: Message): JsonObject {
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const images = content.flatMap((part) =>
    part.type === 'image_url'
      ? [part.image_url.url.slice(part.image_url.url.indexOf(',') + 1)]
      : [],
  )
  return { role, content: texts.join('\n'), ...(images.length > 0 ? { images } : {}) }
}

/** A content that is one text as that text: some servers take no parts. */
function shortest(content: readonly Content[]): Json {
  const [only, ...others] = content
  if (only?.type === 'text' && others.length === 0) return only.text
  return content.map((part) => ({ ...part }))
}

function given(input: JsonObject, names: readonly string[]): JsonObject {
  return Object.assign({}, ...names.map((name) => set(name, input[name])))
}

/** A member, unless it is not given. */
function set(name: string, value: Json | undefined): JsonObject {
  const isGiven = value !== undefined && value !== null && value !== ''
  return isGiven && !(Array.isArray(value) && value.length === 0) ? { [name]: value } : {}
}
