import { fileAt, fileRefsIn, type StoredFile } from '../file/file.ts'
import { formatJson, type Json, type JsonObject } from '../json/json.ts'
import type { ModelSchema, Property } from '../schema/schema.ts'
import { mayHoldSecrets, splitSecrets, withoutSecrets } from '../schema/secrets.ts'
import { validationError } from '../schema/validator.ts'
import {
  type Entry,
  type FieldType,
  keptEntry,
  lastText,
  type Reading,
} from './fields/field-type.ts'
import { type FieldKind, fieldTypeOf } from './fields/index.ts'
import type { RowAction } from './fields/row-entries.ts'
import { excessIn, inputTooLarge } from './input-size.ts'

/** A form as it is drawn: one field for each input, in order. */
export interface Form {
  readonly fields: readonly Field[]
}

export interface Field {
  readonly property: Property
  /** Which control draws it: one for plain text where its own cannot hold what was typed. */
  readonly kind: FieldKind
  /** What the control shows. */
  readonly shown: readonly Entry[]
  /** One sentence saying what to do; null when nothing is wrong. */
  readonly error: string | null
}

/** What a browser sent, by the name of the input (without the `input.` before it). */
export type Submission = ReadonlyMap<string, readonly Entry[]>

export type FormReading =
  | { readonly ok: true; readonly input: JsonObject; readonly files: readonly StoredFile[] }
  | { readonly ok: false; readonly form: Form }

/** The form as it first opens: defaults filled in. */
export function blankForm(schema: ModelSchema): Form {
  return { fields: schema.input.map(blankField) }
}

/** The form with an earlier input in it. What a control cannot hold is shown with the error; secrets are not. */
export function fillForm(
  schema: ModelSchema,
  input: JsonObject,
  files: readonly StoredFile[] = [],
): Form {
  return formWith(schema, splitSecrets(schema, input).shown, files)
}

/** The same with the secrets within its inputs: a form that is to be read, not shown. */
export function formWith(
  schema: ModelSchema,
  input: JsonObject,
  files: readonly StoredFile[],
): Form {
  return {
    fields: schema.input.map((property) => {
      const json = Object.hasOwn(input, property.name) ? input[property.name] : undefined
      return json === undefined || json === null
        ? unsetField(property)
        : filledField(property, json, files)
    }),
  }
}

/** The form as a link fills it in: what the link names, and defaults for the rest. */
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
 * Reads a submitted form: the input, or the same form with everything in it and what is wrong.
 * `kept` are the stored files that the submission names by reference.
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
  const excess = excessIn(schema, input)
  if (excess === null) return { ok: true, input, files: filesOf(input, submission, kept) }
  const fields = read.map(({ field }) =>
    field.property.name === excess ? { ...field, error: `${inputTooLarge}.` } : field,
  )
  return { ok: false, form: { fields } }
}

/** A button of the form that changes it: a row added, moved or removed, or a file let go. */
export interface FormChange {
  readonly action: RowAction
  readonly name: string
  /** Of the row, from 0; null for the field itself. */
  readonly index: number | null
}

/** Reads what a button stands for: `images.2`, or the plain name of a field. */
export function readChange(schema: ModelSchema, action: RowAction, target: string): FormChange {
  if (schema.input.some(({ name }) => name === target)) return { action, name: target, index: null }
  const [, name = target, index = '0'] = /^(.*)\.(\d{1,6})$/s.exec(target) ?? []
  return { action, name, index: Number(index) }
}

/** The form as it was sent, with the change made. Nothing is judged yet: no field has an error. */
export function changedForm(
  schema: ModelSchema,
  submission: Submission,
  kept: readonly StoredFile[],
  { action, name, index }: FormChange,
): Form {
  const changed = new Map(submission)
  const property = schema.input.find((candidate) => candidate.name === name)
  const entries = submission.get(name) ?? []
  if (property) changed.set(name, fieldTypeOf(property).change(entries, action, index ?? -1))
  return {
    fields: schema.input.map((one) => ({
      ...readField(schema, one, changed, kept).field,
      error: null,
    })),
  }
}

function filesOf(input: JsonObject, submission: Submission, kept: readonly StoredFile[]) {
  const refs = new Set(fileRefsIn(input))
  const sent = [...submission.values()].flat().filter((entry) => typeof entry !== 'string')
  return [...kept, ...sent].filter((file) => refs.has(file.ref))
}

export function hasErrors(form: Form): boolean {
  return form.fields.some((field) => field.error !== null)
}

function blankField(property: Property): Field {
  const fallback = property.schema.default
  return fallback === undefined ? unsetField(property) : filledField(property, fallback, [])
}

function unsetField(property: Property): Field {
  return { property, kind: fieldTypeOf(property).kind, shown: [], error: null }
}

function filledField(property: Property, json: Json, files: readonly StoredFile[]): Field {
  const type = fieldTypeOf(property)
  const stored = fileAt(json, files)
  if (stored) return { property, kind: type.kind, shown: [stored], error: null }
  const shown = type.show(json, property)
  if (shown === null) return misplaced(type, property, json)
  const entries = shown.map((text) => keptEntry(text, files))
  const reading = type.read(shown, property)
  const error = reading.is === 'wrong' && json !== '' ? reading.error : null
  return { property, kind: drawnAs(type, property, shown), shown: entries, error }
}

/** A value of the wrong kind altogether: shown as text, with what its own control says of it. */
function misplaced(type: FieldType<FieldKind>, property: Property, json: Json): Field {
  const shown = typeof json === 'string' ? json : formatJson(json)
  const reading = type.read([shown], property)
  const error = reading.is === 'wrong' ? reading.error : 'This value is not valid here.'
  return { property, kind: textControl(shown), shown: [shown], error }
}

function readField(
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

function drawnAs(type: FieldType<FieldKind>, property: Property, shown: readonly Entry[]) {
  return type.holds(shown, property) ? type.kind : textControl(lastText(shown))
}

function textControl(shown: string): FieldKind {
  return /[\r\n]/.test(shown) ? 'text' : 'line'
}

/** Of a field that may hold secrets, the text without them where they can be told apart; else nothing. */
function withoutSecretsIn(
  entries: readonly Entry[],
  type: FieldType<FieldKind>,
  { name }: Property,
  schema: ModelSchema,
): readonly Entry[] {
  return type.readsJson ? [withoutSecrets(schema, name, lastText(entries))] : []
}
