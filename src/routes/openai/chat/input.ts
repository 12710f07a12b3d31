import { isList, isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import type { TextInputs } from '../../../domain/model/text-model.ts'
import type { ModelSchema } from '../../../domain/schema/schema.ts'
import type { ValueSchema } from '../../../domain/schema/value-schema.ts'
import { unsupported } from '../errors.ts'
import { conversationInput, type Properties } from './conversation.ts'
import type { ChatRequest, Reading } from './request.ts'

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
  const properties: Properties = new Map(schema.input.map((one) => [one.name, one]))
  const conversation = conversationInput(properties, inputs, messages)
  if (!conversation.ok) return conversation
  const format = formatInput(properties, body.response_format ?? null)
  if (!format.ok) return format
  const value = {
    ...namedInputs(schema, body, ofTheRequest),
    ...reasoningInput(properties, body.reasoning_effort ?? null),
    ...limitInputs(properties, inputs, body),
    ...format.value,
    ...conversation.value,
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

function limitInputs(
  properties: Properties,
  { maxTokens, stop }: TextInputs,
  body: JsonObject,
): JsonObject {
  const given = body.max_completion_tokens ?? body.max_tokens ?? null
  // Programs that want no limit send -1.
  const most = typeof given === 'number' && given < 1 ? null : given
  const wanted = properties.get(maxTokens ?? '')?.schema
  const ends = body.stop ?? null
  const stops = properties.get(stop ?? '')?.schema
  return {
    ...(maxTokens && wanted && most !== null ? { [maxTokens]: withinBounds(most, wanted) } : {}),
    ...(stop && stops && ends !== null ? { [stop]: stopsAs(ends, stops) } : {}),
  }
}

function stopsAs(given: Json, { type }: ValueSchema): Json {
  if (type === 'array') return isList(given) ? given : [given]
  return isList(given) ? given.map(String).join(',') : given
}

const efforts: readonly Json[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The nearest effort that the model knows; for one that only reasons or does not, whether it does. */
function reasoningInput(properties: Properties, effort: Json): JsonObject {
  const wanted = efforts.indexOf(effort)
  if (wanted < 0) return {}
  const choices = properties.get('reasoning_effort')?.schema.enum ?? []
  const known = choices.filter((choice) => efforts.includes(choice))
  const far = (choice: Json) => Math.abs(efforts.indexOf(choice) - wanted)
  const [nearest] = known.toSorted((a, b) => far(a) - far(b))
  const isSwitch = properties.get('thinking')?.schema.type === 'boolean'
  return {
    ...(nearest === undefined ? {} : { reasoning_effort: nearest }),
    ...(isSwitch ? { thinking: effort !== 'none' } : {}),
  }
}

/** JSON in the answer, asked for by the inputs that the OpenAI-compatible models have for it. */
function formatInput(properties: Properties, format: Json): Reading<JsonObject> {
  const type = isObject(format) ? format.type : null
  if (format === null || type === 'text') return { ok: true, value: {} }
  const { json_schema: named = null } = isObject(format) ? format : {}
  const schema = isObject(named) ? named.schema : undefined
  if (type === 'json_schema' && isObject(schema) && properties.has('json_schema'))
    return { ok: true, value: { json_schema: schema } }
  if (type === 'json_object' && properties.has('json_schema'))
    return { ok: true, value: { json_schema: { type: 'object' } } }
  const detail = 'This model cannot be made to answer in this format: ask for it in the messages.'
  return { ok: false, error: unsupported('response_format', detail) }
}

function withinBounds(value: Json, { minimum, maximum }: ValueSchema): Json {
  if (typeof value !== 'number') return value
  return Math.min(Math.max(value, minimum ?? value), maximum ?? value)
}
