import type { StoredFile } from '../../file/file.ts'
import type { Json } from '../../json/json.ts'
import type { Property } from '../../schema/schema.ts'

/** One thing a form sent for a field: what was typed, or a file that is already in our store. */
export type Entry = string | StoredFile

/** What a submitted field means. `omitted` leaves the name out of the input; it is never `null`. */
export type Reading =
  | { readonly is: 'value'; readonly value: Json }
  | { readonly is: 'omitted' }
  | { readonly is: 'wrong'; readonly error: string }

/**
 * The pure half of a widget: which inputs it is for, and how they travel through a form.
 * The drawn half is the component of the same kind in `views/fields`.
 */
export interface FieldType<Kind extends string = string> {
  readonly kind: Kind
  /** Whether this widget asks for such an input. The first in the list that matches is used. */
  readonly matches: (property: Property) => boolean
  /** What the control shows for a value; `null` when the control cannot hold it. */
  readonly show: (value: Json, property: Property) => readonly string[] | null
  /** Whether the control itself can hold what was typed; if not, a plain text control shows it. */
  readonly holds: (typed: readonly Entry[], property: Property) => boolean
  /** What was sent, as a value or as one sentence saying what to do. Entries arrive in document order. */
  readonly read: (entries: readonly Entry[], property: Property) => Reading
}

export const omitted: Reading = { is: 'omitted' }

export function value(json: Json): Reading {
  return { is: 'value', value: json }
}

export function wrong(error: string): Reading {
  return { is: 'wrong', error }
}

/** The last thing typed, with a browser's CRLF line ends as LF. */
export function lastText(entries: readonly Entry[]): string {
  const texts = entries.filter((entry) => typeof entry === 'string')
  return (texts.at(-1) ?? '').replaceAll('\r\n', '\n')
}

/** What an empty control means for an input that has no use for an empty text. */
export function blank(property: Property): Reading {
  return property.required ? wrong('This input is required.') : omitted
}
