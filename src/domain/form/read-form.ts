import { readDataUri } from '../file/data-uri.ts'
import { fileRefsIn, type StoredFile } from '../file/file.ts'
import { isList, type Json, type JsonObject } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { mayHoldSecrets } from '../schema/secrets.ts'
import { withoutSecrets } from '../schema/typed-secrets.ts'
import { validationError } from '../schema/validator.ts'
import { isFileSchema, type Property, type ValueSchema } from '../schema/value-schema.ts'
import { type Entry, type FieldType, lastText, type Reading } from './fields/field-type.ts'
import { type FieldKind, fieldTypeOf } from './fields/index.ts'
import { blankField, drawnAs, type Field, type Form, type Submission } from './form.ts'

export type FormReading =
  | { readonly ok: true; readonly input: JsonObject; readonly files: readonly StoredFile[] }
  | { readonly ok: false; readonly form: Form }

/** A form with the values of a link, and defaults for the rest. */
export function linkedForm(
  schema: ModelSchema,
  linked: Submission,
  kept: readonly StoredFile[] = [],
): Form {
  return {
    fields: schema.input.map((property) => {
      const texts = linked.get(property.name)
      if (!texts) return blankField(property)
      const entries = fieldTypeOf(property).readLink(texts, property)
      const submission = new Map([[property.name, entries]])
      return readField(schema, property, submission, kept).field
    }),
  }
}

/**
 * Reads a submitted form: the input, or the form as it was sent with its errors. `kept`: the stored
 * files that the submission refers to.
 */
export function readForm(
  schema: ModelSchema,
  submission: Submission,
  kept: readonly StoredFile[] = [],
): FormReading {
  const read = schema.input.map((property) => readField(schema, property, submission, kept))
  if (read.some(({ field }) => field.error !== null))
    return { ok: false, form: { fields: read.map(({ field }) => field) } }
  const input = Object.fromEntries(
    read.flatMap(({ field, reading }) =>
      reading.is === 'value' ? [[field.property.name, reading.value] as const] : [],
    ),
  )
  const excess = oversizedInput(schema, input)
  if (excess === null) return { ok: true, input, files: filesOf(input, submission, kept) }
  const fields = read.map(({ field }) =>
    field.property.name === excess ? { ...field, error: `${inputTooLarge}.` } : field,
  )
  return { ok: false, form: { fields } }
}

function filesOf(input: JsonObject, submission: Submission, kept: readonly StoredFile[]) {
  const refs = new Set(fileRefsIn(input))
  const sent = [...submission.values()].flat().filter((entry) => typeof entry !== 'string')
  return [...kept, ...sent].filter((file) => refs.has(file.ref))
}

export function readField(
  schema: ModelSchema,
  property: Property,
  submission: Submission,
  kept: readonly StoredFile[],
): { field: Field; reading: Reading } {
  const type = fieldTypeOf(property)
  const entries = submission.get(property.name) ?? []
  const reading = type.read(entries, property)
  const files = [...kept, ...entries.filter((entry) => typeof entry !== 'string')]
  const hasSecret = mayHoldSecrets(schema, property.name)
  const visible = hasSecret ? withoutSecretsIn(entries, type, property, schema) : entries
  const field = {
    property,
    kind: drawnAs(type, property, entries),
    shown: type.showAgain(visible, property, kept),
    error: errorIn(reading, type, property, schema, files),
  }
  return { field, reading }
}

function errorIn(
  reading: Reading,
  type: FieldType<FieldKind>,
  property: Property,
  schema: ModelSchema,
  files: readonly StoredFile[],
): string | null {
  if (reading.is === 'omitted') return null
  if (reading.is === 'wrong') return reading.error
  const known = new Set(files.map((file) => file.ref))
  if (type.refersToFiles && fileRefsIn(reading.value).some((ref) => !known.has(ref)))
    return 'This file is no longer available. Choose it again.'
  return type.judgedBySchema ? validationError(reading.value, property.schema, schema) : null
}

/** The redacted JSON of a field that may hold secrets; nothing of a field of another kind. */
function withoutSecretsIn(
  entries: readonly Entry[],
  type: FieldType<FieldKind>,
  { name }: Property,
  schema: ModelSchema,
): readonly Entry[] {
  return type.readsJson ? [withoutSecrets(schema, name, lastText(entries))] : []
}

/**
 * The largest input, in UTF-16 units of JSON: each read of a prediction reads its input. Files do not
 * count, whether stored, linked or inline.
 */
export const mostInputUnits = 8 * 2 ** 20

export const inputTooLarge = `All inputs together may have ${mostInputUnits >> 20} MB of text. Give what is longer as a file or an address`

/** The name of the first value that makes an input too large; null when it is not. */
export function oversizedInput(schema: ModelSchema, input: JsonObject): string | null {
  let left = mostInputUnits
  for (const { name, schema: wanted } of schema.input) {
    const value = Object.hasOwn(input, name) ? input[name] : undefined
    if (value !== undefined) left -= jsonLength(withoutData(value, wanted), left)
    if (left < 0) return name
  }
  return null
}

/** The value without its data URIs, where files are asked for. */
function withoutData(value: Json, wanted: ValueSchema): Json {
  const { items } = wanted
  if (isFileSchema(wanted)) return isData(value) ? '' : value
  if (!items || !isFileSchema(items) || !isList(value)) return value
  return value.map((item) => (isData(item) ? '' : item))
}

function isData(value: Json): boolean {
  return typeof value === 'string' && readDataUri(value) !== null
}
