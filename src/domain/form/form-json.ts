import { fileUri, type StoredFile } from '../file/file.ts'
import { shortened } from '../json/excerpt.ts'
import {
  formatJson,
  isObject,
  type Json,
  type JsonObject,
  parseRequest,
  sameJson,
} from '../json/json.ts'
import { jsonErrorSentence } from '../json/json-error.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { mayHoldSecrets } from '../schema/secrets.ts'
import { fieldTypeOf } from './fields/index.ts'
import { type Field, type Form, formWith, type Submission } from './form.ts'

/** The input of a form, as JSON text. An entry that cannot be read is kept as typed. */
export function formAsJson(form: Form): string {
  return formatJson(Object.fromEntries(form.fields.flatMap((field) => inputOf(field))), 2)
}

/** The values of a form that belong in a link: no defaults, secrets or uploaded files. */
export function linkValues(
  schema: ModelSchema,
  form: Form,
): readonly (readonly [name: string, text: string])[] {
  return form.fields.flatMap((field) => {
    const [entry] = mayHoldSecrets(schema, field.property.name) ? [] : inputOf(field)
    if (!entry || field.shown.some((shown) => typeof shown !== 'string')) return []
    const [name, json] = entry
    if (sameJson(json, field.property.schema.default ?? null)) return []
    return [[name, typeof json === 'string' ? json : formatJson(json)] as const]
  })
}

export type JsonReading =
  | { readonly ok: true; readonly submission: Submission }
  | { readonly ok: false; readonly error: string }

/** Reads JSON text as a submission of the form. */
export function readAsForm(
  schema: ModelSchema,
  text: string,
  files: readonly StoredFile[],
): JsonReading {
  const input = parsed(text)
  if (typeof input === 'string') return { ok: false, error: input }
  const known = new Set(schema.input.map(({ name }) => name))
  const unknown = Object.keys(input).find((name) => !known.has(name))
  if (unknown !== undefined)
    return { ok: false, error: `This model has no input called “${shortened(unknown)}”.` }
  const { fields } = formWith(schema, input, files)
  const entries = fields.map(({ property, shown }) => {
    const given = Object.hasOwn(input, property.name) ? input[property.name] : undefined
    const secret = property.schema.secret ? given : undefined
    if (secret === undefined) return [property.name, shown] as const
    return [property.name, [typeof secret === 'string' ? secret : formatJson(secret)]] as const
  })
  return { ok: true, submission: new Map(entries) }
}

function parsed(text: string): JsonObject | string {
  try {
    const json = parseRequest(text.trim() === '' ? '{}' : text)
    return isObject(json) ? json : 'Enter a JSON object: names and values between { and }.'
  } catch (error) {
    return jsonErrorSentence(text, error)
  }
}

export function inputOf({ property, shown }: Field): readonly (readonly [string, Json])[] {
  const { name, schema } = property
  if (schema.secret || shown.length === 0) return []
  const texts = shown.map((entry) => (typeof entry === 'string' ? entry : fileUri(entry)))
  const reading = fieldTypeOf(property).read(texts, property)
  if (reading.is === 'value') return [[name, reading.value]]
  const typed = texts.at(-1) ?? ''
  return typed === '' || reading.is === 'omitted' ? [] : [[name, typed]]
}
