import { isList, type Json, type JsonObject, sameJson } from '../../json/json.ts'
import { listIn, objectIn, textIn } from '../../json/parts.ts'
import type { ModelSchema } from '../../schema/schema.ts'
import type { Property } from '../../schema/value-schema.ts'
import { type TextInputs, takesConversation, textInputs } from '../text-model.ts'

/** A message of a conversation, to be shown. */
export interface Turn {
  /** `user`, `assistant`, or what else the conversation has. */
  readonly role: string
  readonly text: string
  /** How many of its parts are no text. */
  readonly attachments: number
}

/** How many messages an input has before its prompt; none for a model that takes no conversation. */
export function countBefore(schema: ModelSchema, input: JsonObject): number {
  return messagesIn(schema, input).length
}

/** The last of the messages that an input has before its prompt. */
export function turnsBefore(schema: ModelSchema, input: JsonObject, most: number): readonly Turn[] {
  return messagesIn(schema, input).slice(-most).map(turnOf)
}

function messagesIn(schema: ModelSchema, input: JsonObject): readonly Json[] {
  const names = conversationInputs(schema)
  return names ? listIn(input[names.messages]) : []
}

/** Whether two inputs go on from the same conversation. */
export function sameConversation(schema: ModelSchema, one: JsonObject, other: JsonObject): boolean {
  return sameJson(messagesIn(schema, one), messagesIn(schema, other))
}

/** The last question of an input: its prompt, and what was sent with it. */
export function questionIn(schema: ModelSchema, input: JsonObject): Turn | null {
  const names = conversationInputs(schema)
  if (!names) return null
  return turnOf({ role: 'user', content: contentOf(names, input) })
}

/** The inputs that each turn asks anew. */
export interface QuestionFields {
  readonly prompt: Property
  readonly image: Property | null
}

/** The inputs that each turn asks anew; null for a model that takes no conversation. */
export function questionFields(schema: ModelSchema): QuestionFields | null {
  const names = conversationInputs(schema)
  const propertyOf = (name: string) => schema.input.find((property) => property.name === name)
  const prompt = names && propertyOf(names.prompt)
  if (!names || !prompt) return null
  return { prompt, image: (names.image !== null && propertyOf(names.image)) || null }
}

/**
 * The input of the next turn, but for its question: the messages of an input with its question and the
 * answer, and all its other values. Null for a model that takes no conversation.
 */
export function continuedInput(
  schema: ModelSchema,
  input: JsonObject,
  answer: string,
): JsonObject | null {
  const names = conversationInputs(schema)
  if (!names) return null
  const kept = Object.entries(input).filter(
    ([name]) => name !== names.prompt && name !== names.image,
  )
  const messages = [
    ...listIn(input[names.messages]),
    ...questionMessage(names, input),
    { role: 'assistant', content: answer },
  ]
  return { ...Object.fromEntries(kept), [names.messages]: messages }
}

interface ConversationInputs extends TextInputs {
  readonly prompt: string
  readonly messages: string
}

function conversationInputs(schema: ModelSchema): ConversationInputs | null {
  const names = takesConversation(schema) ? textInputs(schema) : null
  if (!names || names.prompt === null || names.messages === null) return null
  return { ...names, prompt: names.prompt, messages: names.messages }
}

/** None when the conversation was given with its question, and no prompt. */
function questionMessage(names: ConversationInputs, input: JsonObject): readonly JsonObject[] {
  const content = contentOf(names, input)
  return content === '' ? [] : [{ role: 'user', content }]
}

/** A text, or a list of parts where pictures were sent with it. */
function contentOf({ prompt, image }: ConversationInputs, input: JsonObject): Json {
  const text = textIn(input[prompt])
  const given = image === null ? null : (input[image] ?? null)
  const addresses = (isList(given) ? given : [given]).filter((one) => typeof one === 'string')
  if (addresses.length === 0) return text
  return [
    ...addresses.map((url) => ({ type: 'image_url', image_url: { url } })),
    { type: 'text', text },
  ]
}

/** Roles are a word; parts of a message are text and files. The rest of either is not shown. */
const most = { roleUnits: 20, parts: 100 }

function turnOf(message: Json): Turn {
  const { role: given, content: said } = objectIn(message)
  const role = textIn(given).slice(0, most.roleUnits)
  if (!isList(said)) return { role, text: textIn(said), attachments: 0 }
  const content = said.slice(0, most.parts)
  const texts = content.flatMap((part) => {
    const { type, text } = objectIn(part)
    return type === 'text' && typeof text === 'string' ? [text] : []
  })
  return {
    role,
    text: texts.join('\n\n'),
    attachments: content.length - texts.length,
  }
}
