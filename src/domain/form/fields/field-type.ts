import { fileAt, type StoredFile } from '../../file/file.ts'
import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { Property, ValueSchema } from '../../schema/value-schema.ts'
import { type Bound, type BoundViolation, boundViolationsOf } from '../../schema/violations.ts'
import type { RowAction } from './row-entries.ts'

/** One thing that a form sent for a field: typed text, or a file that is already in our store. */
export type Entry = string | StoredFile

/** The meaning of a submitted field. `omitted` leaves the name out of the input; it is never `null`. */
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
  /** The entries that the control shows for a value; `null` when the control cannot hold it. */
  readonly show: (value: Json, property: Property) => readonly string[] | null
  /** Whether the control itself can hold what was typed; if not, a plain text control shows it. */
  readonly holds: (typed: readonly Entry[], property: Property) => boolean
  /** Reads the submitted entries, in document order: a value, or one sentence saying what to do. */
  readonly read: (entries: readonly Entry[], property: Property) => Reading
  /**
   * The submitted entries as the control shows them when the form is drawn again. `kept`: stored
   * files that they may refer to.
   */
  readonly showAgain: (
    entries: readonly Entry[],
    property: Property,
    kept: readonly StoredFile[],
  ) => readonly Entry[]
  /** The entries for the parameters of this name in a link to the form. */
  readonly readLink: (linked: readonly Entry[], property: Property) => readonly Entry[]
  /**
   * The entries after a button in the control was pressed. `index`: of the row, from 0; -1 for the
   * field itself.
   */
  readonly change: (entries: readonly Entry[], action: RowAction, index: number) => readonly Entry[]
  /** Whether it can ask for one item of a list, in a row of its own. */
  readonly fitsInRow: boolean
  /** Whether it asks for a file, or for a list of files. */
  readonly takesFiles: (property: Property) => boolean
  /** Whether it asks for free text, such as a prompt. */
  readonly takesText: (property: Property) => boolean
  /** Whether a `sandpit:` reference in its value is a stored file, which has to exist. */
  readonly refersToFiles: boolean
  /**
   * Whether JSON is typed into it. Of a field that may hold secrets, only JSON can be shown again,
   * redacted.
   */
  readonly readsJson: boolean
  /** Whether a value that was read is also validated against the schema as written. */
  readonly judgedBySchema: boolean
}

/** The members of a kind that sends one text for one plain value. */
export const plainField = {
  showAgain: lastShown,
  readLink: (linked) => linked.slice(-1),
  change: (entries, action) => (action === 'remove' ? [] : entries),
  fitsInRow: true,
  takesFiles: () => false,
  takesText: () => false,
  refersToFiles: false,
  readsJson: false,
  judgedBySchema: true,
} satisfies Omit<FieldType, 'kind' | 'matches' | 'show' | 'holds' | 'read'>

export const omitted: Reading = { is: 'omitted' }

export function readAs(value: Json): Reading {
  return { is: 'value', value }
}

export function wrong(error: string): Reading {
  return { is: 'wrong', error }
}

/** The last typed text, with a browser's CRLF line ends as LF. */
export function lastText(entries: readonly Entry[]): string {
  const texts = entries.filter((entry) => typeof entry === 'string')
  return (texts.at(-1) ?? '').replaceAll('\r\n', '\n')
}

/** The meaning of an empty control where an empty text is not a value. */
export function blank(property: Property): Reading {
  return property.required ? wrong('This input is required.') : omitted
}

/** The stored file in place of its reference. */
export function keptEntry(entry: Entry, kept: readonly StoredFile[]): Entry {
  return typeof entry === 'string' ? (fileAt(entry, kept) ?? entry) : entry
}

/**
 * The last typed text; nothing for a control that was not set, which sends two empty texts, or one
 * when it is required.
 */
function lastShown(entries: readonly Entry[], { required }: Property): readonly Entry[] {
  const text = lastText(entries)
  const unset = text === '' && (required ? entries.length < 2 : entries.length !== 1)
  return unset ? [] : [text]
}

/**
 * A value that was read from a field, or an error when it is out of bounds. `typed`: the text of a
 * number.
 */
export function readInBounds(value: Json, schema: ValueSchema, typed = ''): Reading {
  const [violation] = boundViolationsOf(value, schema)
  return violation ? wrong(boundSentence(violation, schema, shortened(typed))) : readAs(value)
}

function boundSentence(violation: BoundViolation, schema: ValueSchema, typed: string): string {
  return sentences[violation.keyword](violation, schema, typed)
}

type Sentence = (violation: BoundViolation, schema: ValueSchema, typed: string) => string

/** The sentences below a field. */
const sentences: Readonly<Record<Bound, Sentence>> = {
  minimum: (_violation, schema, typed) => `${typed} is too low.${boundsHint(schema)}`,
  maximum: (_violation, schema, typed) => `${typed} is too high.${boundsHint(schema)}`,
  exclusiveMinimum: ({ bound }, _schema, typed) => `${typed} is too low. Use more than ${bound}.`,
  exclusiveMaximum: ({ bound }, _schema, typed) => `${typed} is too high. Use less than ${bound}.`,
  multipleOf: ({ bound }, _schema, typed) => `${typed} is not a multiple of ${bound}.`,
  minLength: ({ bound, actual }) => `Too short: ${actual} characters. Use ${bound} or more.`,
  maxLength: ({ bound, actual }) => `Too long: ${actual} characters. Use ${bound} or fewer.`,
  minItems: ({ bound, actual }) => `Add at least ${bound}, not ${actual}.`,
  maxItems: ({ bound, actual }) => `Use at most ${bound}, not ${actual}.`,
}

/** A sentence with the allowed range, after a space; empty without bounds. */
export function boundsHint({ type, ...bounds }: ValueSchema): string {
  const [minimum, maximum] = [shownBound(bounds.minimum), shownBound(bounds.maximum)]
  const noun = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined)
    return ` Use ${noun} from ${minimum} to ${maximum}.`
  if (minimum !== undefined) return ` Use ${minimum} or more.`
  return maximum === undefined ? '' : ` Use ${maximum} or less.`
}

/** The bound; undefined past ±2⁵³, where schemas only mean that there is none. */
export function shownBound(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined
}
