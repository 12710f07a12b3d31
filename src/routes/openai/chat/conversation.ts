import type { Json, JsonObject } from '../../../domain/json/json.ts'
import type { TextInputs } from '../../../domain/model/text-model.ts'
import type { Property } from '../../../domain/schema/value-schema.ts'
import { badRequest } from '../errors.ts'
import type { ChatMessage, Reading } from './request.ts'

export type Properties = ReadonlyMap<string, Property>

/** The conversation as the inputs of a model: its texts, and its pictures where the model takes them. */
export function conversationInput(
  properties: Properties,
  inputs: TextInputs,
  messages: readonly ChatMessage[],
): Reading<JsonObject> {
  const isSeen = messages.some(({ images }) => images.length > 0)
  if (isSeen && inputs.image === null)
    return { ok: false, error: badRequest('This model takes no pictures.', 'messages') }
  if (inputs.messages !== null) return { ok: true, value: turnsInput(properties, inputs, messages) }
  const images = messages.flatMap((message) => message.images)
  return {
    ok: true,
    value: { ...promptInput(inputs, messages), ...imageInput(properties, inputs, images) },
  }
}

/**
 * A model that takes messages gets all of them. The last turn is its prompt where it wants one, and where
 * the turn has pictures, which then are an input, too.
 */
function turnsInput(
  properties: Properties,
  inputs: TextInputs,
  messages: readonly ChatMessage[],
): JsonObject {
  const { prompt, messages: name } = inputs
  const last = messages.at(-1)
  const isWanted = prompt !== null && properties.get(prompt)?.required === true
  const isPrompt = isWanted || (last?.role === 'user' && last.images.length > 0)
  const asked = prompt !== null && isPrompt ? last : undefined
  const before = asked ? messages.slice(0, -1) : messages
  const takesParts = contentType(properties, name ?? '') !== 'string'
  const images = takesParts ? (asked?.images ?? []) : messages.flatMap((one) => one.images)
  return {
    ...(before.length > 0 ? { [name ?? '']: before.map((one) => turnOf(one, takesParts)) } : {}),
    ...(prompt !== null && asked ? { [prompt]: asked.text } : {}),
    ...imageInput(properties, inputs, images),
  }
}

/** The type of the content of a message; undefined where the schema of the model allows any. */
function contentType(properties: Properties, messages: string) {
  const members = properties.get(messages)?.schema.items?.properties
  return members?.find(({ name }) => name === 'content')?.schema.type
}

function turnOf({ role, text, images }: ChatMessage, takesParts: boolean): JsonObject {
  if (images.length === 0 || !takesParts) return { role, content: text }
  const pictures = images.map((url) => ({ type: 'image_url', image_url: { url } }))
  return { role, content: [...pictures, { type: 'text', text }] }
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

/** The newest pictures, as many as the model takes. */
function imageInput(
  properties: Properties,
  { image }: TextInputs,
  images: readonly string[],
): JsonObject {
  const last = images.at(-1)
  if (image === null || last === undefined) return {}
  const { type, maxItems = images.length } = properties.get(image)?.schema ?? {}
  const given: Json = type === 'array' ? images.slice(-maxItems) : last
  return { [image]: given }
}
