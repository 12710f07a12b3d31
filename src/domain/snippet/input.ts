import { fileUri } from '../file/file.ts'
import type { Field, Form } from '../form/form.ts'
import { inputOf } from '../form/form-json.ts'
import { isList, type Json, sameJson } from '../json/json.ts'
import { isFileSchema, type Property, type ValueSchema } from '../schema/value-schema.ts'

/** One input of a snippet. */
export interface SnippetInput {
  readonly name: string
  /** Files are `sandpit:` addresses, of which a snippet shows the name. Null when it is secret. */
  readonly value: Json
  /** Not to be written down: the reader has it in their environment. */
  readonly secret: boolean
}

/** The inputs that a form holds and that are worth writing: what is required, and what is no default. */
export function snippetInputs({ fields }: Form): SnippetInput[] {
  return fields.flatMap((field): SnippetInput[] => {
    const { name, required, schema } = field.property
    if (schema.secret) return required ? [{ name, value: null, secret: true }] : []
    const given = givenIn(field)
    if (given === undefined && !required) return []
    if (!required && sameJson(given ?? null, schema.default ?? null)) return []
    return [{ name, value: given ?? standIn(field.property), secret: false }]
  })
}

function givenIn(field: Field): Json | undefined {
  const [entry] = inputOf(field)
  return entry && namedFiles(entry[1], field.property.schema)
}

/** A file that a model brings with its examples, `./photo.jpg`, is one on the reader's disk, too. */
function namedFiles(json: Json, schema: ValueSchema): Json {
  if (isList(json)) return json.map((item) => namedFiles(item, schema.items ?? schema))
  if (typeof json !== 'string' || !isFileSchema(schema) || !json.startsWith('./')) return json
  return standInFile(json.slice(2))
}

/** A placeholder for a required input without a value. */
function standIn({ name, schema }: Property): Json {
  if (schema.default !== undefined) return schema.default
  if (schema.enum?.[0] !== undefined) return schema.enum[0]
  if (isFileSchema(schema)) return standInFile(name)
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 0
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return `your ${name.replaceAll('_', ' ')}`
  }
}

function standInFile(name: string): string {
  return fileUri({ ref: 'a'.repeat(26), name })
}
