import { fileAt, type StoredFile } from '../file/file.ts'
import { formatJson, type Json, type JsonObject } from '../json/json.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { splitSecrets } from '../schema/secrets.ts'
import type { Property } from '../schema/value-schema.ts'
import { type Entry, type FieldType, keptEntry, lastText } from './fields/field-type.ts'
import { type FieldKind, fieldTypeOf } from './fields/index.ts'

/** A form: one field for each input, in order. */
export interface Form {
  readonly fields: readonly Field[]
}

export interface Field {
  readonly property: Property
  /**
   * The kind of control that draws it: a plain text control where its own cannot hold the entries.
   */
  readonly kind: FieldKind
  /** The entries in the control. */
  readonly shown: readonly Entry[]
  /** One sentence saying what to do; null when nothing is wrong. */
  readonly error: string | null
}

/** The entries that a browser sent, by the name of the input (without the prefix `input.`). */
export type Submission = ReadonlyMap<string, readonly Entry[]>

/** A form with the defaults filled in. */
export function blankForm(schema: ModelSchema): Form {
  return { fields: schema.input.map(blankField) }
}

/**
 * A form with an earlier input. A value that its control cannot hold is shown with the error;
 * secrets are not shown.
 */
export function fillForm(
  schema: ModelSchema,
  input: JsonObject,
  files: readonly StoredFile[] = [],
): Form {
  return formWith(schema, splitSecrets(schema, input).shown, files)
}

/** The same with secrets: for a form that is read, and not shown. */
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

export function hasErrors(form: Form): boolean {
  return form.fields.some((field) => field.error !== null)
}

export function blankField(property: Property): Field {
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

/** A value of another type than the control's: shown as text, with the error. */
function misplaced(type: FieldType<FieldKind>, property: Property, json: Json): Field {
  const shown = typeof json === 'string' ? json : formatJson(json)
  const reading = type.read([shown], property)
  const error = reading.is === 'wrong' ? reading.error : 'This value is not valid here.'
  return { property, kind: textControl(shown), shown: [shown], error }
}

export function drawnAs(type: FieldType<FieldKind>, property: Property, shown: readonly Entry[]) {
  return type.holds(shown, property) ? type.kind : textControl(lastText(shown))
}

function textControl(shown: string): FieldKind {
  return /[\r\n]/.test(shown) ? 'text' : 'line'
}
