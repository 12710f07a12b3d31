import type { ModelSchema } from '../schema/schema.ts'
import { isFileSchema, type Property, type ValueSchema } from '../schema/value-schema.ts'

/** The inputs by which a model that makes a text is asked, by name; null for those that it does not have. */
export interface TextInputs {
  readonly prompt: string | null
  /** A conversation: a list of `{role, content}`, as OpenAI's API has it. */
  readonly messages: string | null
  readonly system: string | null
  readonly image: string | null
  readonly maxTokens: string | null
  readonly stop: string | null
}

/** Names of inputs, by what programs mean with them. The first that a model has is taken. */
const names = {
  prompt: ['prompt', 'text', 'input', 'question', 'query'],
  messages: ['messages'],
  system: ['system_prompt', 'system', 'system_message', 'instructions'],
  maxTokens: ['max_tokens', 'max_new_tokens', 'max_output_tokens', 'max_completion_tokens'],
  stop: ['stop', 'stop_sequences'],
} as const

const imageName = /^(?:images?|input_images?|image_input)$/

/** How a model that makes a text is asked; null for models that make something else, or take no text. */
export function textInputs({ input, output }: ModelSchema): TextInputs | null {
  if (!isText(output)) return null
  const has = (name: string, fits: (schema: ValueSchema) => boolean) =>
    input.some((property) => property.name === name && fits(property.schema))
  const first = (options: readonly string[], fits: (schema: ValueSchema) => boolean) =>
    options.find((name) => has(name, fits)) ?? null
  const prompt = first(names.prompt, (schema) => schema.type === 'string' && !isFileSchema(schema))
  const messages = first(names.messages, ({ type }) => type === 'array')
  if (prompt === null && messages === null) return null
  return {
    prompt,
    messages,
    system: first(names.system, ({ type }) => type === 'string'),
    image:
      input.find(({ name, schema }) => imageName.test(name) && takesFile(schema))?.name ?? null,
    maxTokens: first(names.maxTokens, ({ type }) => type === 'integer'),
    stop: first(names.stop, ({ type }) => type === 'array' || type === 'string'),
  }
}

/** Whether a model can go on from its answer: it takes the conversation so far, and answers with a text. */
export function takesConversation(schema: ModelSchema): boolean {
  const inputs = textInputs(schema)
  return inputs !== null && inputs.prompt !== null && inputs.messages !== null
}

/** Whether a model turns a text, or several, into numbers: its output is a list of numbers, or of such lists. */
export function makesEmbeddings(schema: ModelSchema): boolean {
  return embeddedInput(schema) !== null
}

/** The input of such a model that takes the text, or the texts; null for any other model. */
export function embeddedInput({ input, output }: ModelSchema): Property | null {
  const isNumbers = (schema: ValueSchema | undefined) =>
    schema?.type === 'array' && schema.items?.type === 'number'
  const isMade = isNumbers(output) || (output.type === 'array' && isNumbers(output.items))
  return (isMade && input.find(({ name }) => /^(?:input|texts?)$/.test(name))) || null
}

/** A text, or a list of texts that are one when they are joined. */
function isText(output: ValueSchema): boolean {
  if (output.type === 'string') return !isFileSchema(output)
  return output.type === 'array' && output.concatenate && output.items?.type === 'string'
}

function takesFile(schema: ValueSchema): boolean {
  return isFileSchema(schema) || (schema.items !== undefined && isFileSchema(schema.items))
}
