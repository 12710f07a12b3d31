import { canonicalJson, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { type ModelSchema, readSchema } from '../../../domain/schema/schema.ts'
import { type Abilities, abilitiesJson, type Kind } from '../servers/abilities.ts'
import { chatInputs, completionInputs } from './chat.ts'
import type { Inputs } from './inputs.ts'
import { imageInputs, speechInputs, transcriptionInputs } from './media.ts'
import { embeddingInputs, rerankInputs } from './vectors.ts'

const known = new Map<string, ModelSchema>()
const mostKnown = 500

/** The schema of a model. Models with the same abilities share one. */
export function schemaFor(abilities: Abilities): ModelSchema {
  const key = canonicalJson(abilitiesJson(abilities))
  const schema = known.get(key) ?? readSchema(schemasFor(abilities))
  if (known.size >= mostKnown) known.clear()
  known.set(key, schema)
  return schema
}

/** The schemas of a model, as a Cog container would describe it: an input for each thing that its server takes. */
function schemasFor(abilities: Abilities): JsonObject {
  const { inputs, required } = inputsOf[abilities.kind](abilities)
  const ordered = Object.entries(inputs).map(([name, schema], order): [string, Json] => [
    name,
    { title: titleOf(name), ...schema, 'x-order': order },
  ])
  const Input = {
    type: 'object',
    title: 'Input',
    properties: Object.fromEntries(ordered),
    ...(required.length > 0 ? { required } : {}),
  }
  return { Input, Output: outputs[abilities.kind] }
}

const inputsOf: Readonly<Record<Kind, (abilities: Abilities) => Inputs>> = {
  chat: chatInputs,
  completion: completionInputs,
  embedding: embeddingInputs,
  rerank: rerankInputs,
  image: imageInputs,
  speech: speechInputs,
  transcription: transcriptionInputs,
}

const file = { type: 'string', format: 'uri' }

const streamedText = {
  title: 'Output',
  type: 'array',
  items: { type: 'string' },
  'x-cog-array-type': 'iterator',
  'x-cog-array-display': 'concatenate',
}

const outputs: Readonly<Record<Kind, JsonObject>> = {
  chat: streamedText,
  completion: streamedText,
  embedding: {
    title: 'Output',
    type: 'array',
    items: { type: 'array', items: { type: 'number' } },
  },
  rerank: {
    title: 'Output',
    type: 'array',
    items: {
      type: 'object',
      properties: {
        index: { type: 'integer' },
        relevance_score: { type: 'number' },
        document: { type: 'string' },
      },
    },
  },
  image: { title: 'Output', description: 'Images.', type: 'array', items: file },
  speech: { title: 'Output', description: 'Speech.', ...file },
  transcription: { title: 'Output', type: 'string' },
}

/** `Max Tokens` of `max_tokens`, as Cog names inputs. */
function titleOf(name: string): string {
  return name
    .split('_')
    .map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`)
    .join(' ')
}
