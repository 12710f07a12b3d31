import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import type { TextInputs } from '../../../domain/model/text-model.ts'
import type { ModelSchema } from '../../../domain/schema/schema.ts'
import type { Property, ValueSchema } from '../../../domain/schema/value-schema.ts'
import { badRequest, unsupported } from '../errors.ts'
import type { ChatMessage, ChatRequest, Reading } from './request.ts'

/** Members of a request that mean something else than an input of the same name. */
const ofTheRequest: ReadonlySet<string> = new Set([
  ...['model', 'messages', 'stream', 'stream_options', 'store', 'metadata', 'user'],
  ...['n', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call'],
  ...['logprobs', 'top_logprobs', 'modalities', 'audio', 'prediction', 'service_tier'],
  ...['max_tokens', 'max_completion_tokens', 'stop', 'response_format', 'prompt'],
])

/**
 * The input of a model for a request: the conversation as the model takes it, the limits by the names that it
 * has for them, and each other member that is an input of it. Numbers are brought within their bounds.
 */
export function chatInput(
  schema: ModelSchema,
  inputs: TextInputs,
  { messages, body }: ChatRequest,
): Reading<JsonObject> {
  const properties = new Map(schema.input.map((property) => [property.name, property]))
  const conversation = conversationInput(properties, inputs, messages)
  const images = imageInput(properties, inputs, messages)
  if (!images.ok) return images
  const format = formatInput(properties, body.response_format ?? null)
  if (!format.ok) return format
  const value = {
    ...namedInputs(schema, body, ofTheRequest),
    ...limitInputs(properties, inputs, body),
    ...format.value,
    ...images.value,
    ...conversation,
  }
  return { ok: true, value }
}

/** The inputs that a body has members for. Those that mean something else are left out. */
export function namedInputs(
  schema: ModelSchema,
  body: JsonObject,
  leftOut: ReadonlySet<string>,
): JsonObject {
  const given: [string, Json][] = []
  for (const { name, schema: wanted } of schema.input) {
    const value = Object.hasOwn(body, name) ? (body[name] ?? null) : null
    if (value !== null && !leftOut.has(name)) given.push([name, withinBounds(value, wanted)])
  }
  return Object.fromEntries(given)
}

type Properties = ReadonlyMap<string, Property>

/** A model that takes messages gets all of them; where it also wants a prompt, that is the last turn. */
function conversationInput(
  properties: Properties,
  inputs: TextInputs,
  messages: readonly ChatMessage[],
): JsonObject {
  const { prompt } = inputs
  if (inputs.messages === null) return promptInput(inputs, messages)
  const isPromptWanted = prompt !== null && properties.get(prompt)?.required === true
  const before = isPromptWanted ? messages.slice(0, -1) : messages
  const turns = before.map(({ role, text }) => ({ role, content: text }))
  return {
    [inputs.messages]: turns,
    ...(isPromptWanted ? { [prompt]: messages.at(-1)?.text ?? '' } : {}),
  }
}

const speakers = { user: 'User', assistant: 'Assistant', system: 'System' } as const

/** One turn is the prompt itself; several are written below each other with who speaks. */
function promptInput({ prompt, system }: TextInputs, messages: readonly ChatMessage[]): JsonObject {
  if (prompt === null) return {}
  const rules = messages.filter(({ role }) => role === 'system').map(({ text }) => text)
  const turns = messages.filter(({ role }) => role !== 'system')
  const written = turns.length > 1 ? transcript(turns) : (turns[0]?.text ?? '')
  if (rules.length === 0) return { [prompt]: written }
  if (system !== null) return { [prompt]: written, [system]: rules.join('\n\n') }
  return { [prompt]: [...rules, written].join('\n\n') }
}

function transcript(turns: readonly ChatMessage[]): string {
  return [...turns.map(({ role, text }) => `${speakers[role]}: ${text}`), 'Assistant:'].join('\n\n')
}

function imageInput(
  properties: Properties,
  { image }: TextInputs,
  messages: readonly ChatMessage[],
): Reading<JsonObject> {
  const images = messages.flatMap((message) => message.images)
  const last = images.at(-1)
  if (last === undefined) return { ok: true, value: {} }
  if (image === null)
    return { ok: false, error: badRequest('This model takes no pictures.', 'messages') }
  const wanted = properties.get(image)?.schema
  if (wanted?.type !== 'array') return { ok: true, value: { [image]: last } }
  return { ok: true, value: { [image]: images.slice(-(wanted.maxItems ?? images.length)) } }
}

function limitInputs(
  properties: Properties,
  { maxTokens, stop }: TextInputs,
  body: JsonObject,
): JsonObject {
  const most = body.max_completion_tokens ?? body.max_tokens ?? null
  const wanted = maxTokens === null ? undefined : properties.get(maxTokens)?.schema
  const ends = body.stop ?? null
  const stops = stop === null ? undefined : properties.get(stop)?.schema
  return {
    ...(maxTokens === null || !wanted || most === null
      ? {}
      : { [maxTokens]: withinBounds(most, wanted) }),
    ...(stop === null || !stops || ends === null ? {} : { [stop]: stopsAs(ends, stops) }),
  }
}

function stopsAs(given: Json, { type }: ValueSchema): Json {
  if (type === 'array') return isList(given) ? given : [given]
  return isList(given) ? given.map(String).join(',') : given
}

/** JSON in the answer, asked for by the inputs that the OpenAI-compatible models have for it. */
function formatInput(properties: Properties, format: Json): Reading<JsonObject> {
  const type = isObject(format) ? format.type : null
  if (!isObject(format) || type === 'text') return { ok: true, value: {} }
  const { json_schema: named = null } = format
  const schema = isObject(named) ? named.schema : undefined
  if (type === 'json_schema' && isObject(schema) && properties.has('json_schema'))
    return { ok: true, value: { json_schema: schema } }
  if (type === 'json_object' && properties.has('json_mode'))
    return { ok: true, value: { json_mode: true } }
  const detail = 'This model cannot be made to answer in this format: ask for it in the messages.'
  return { ok: false, error: unsupported('response_format', detail) }
}

function withinBounds(value: Json, { minimum, maximum }: ValueSchema): Json {
  if (typeof value !== 'number') return value
  return Math.min(Math.max(value, minimum ?? value), maximum ?? value)
}
