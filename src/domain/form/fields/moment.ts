import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import { momentIn } from '../../moment.ts'
import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
  readAs,
  wrong,
} from './field-type.ts'

/** A date: the browser’s control, which sends `2026-03-13`. */
export const dateType: FieldType<'date'> = {
  ...plainField,
  kind: 'date',
  matches: isOf('date'),
  show: showText,
  holds: (typed) => isBlankOr(typed, (text) => plainDate.test(text) && isDate(text)),
  read: (entries, property) =>
    readMoment(entries, property, (text) => (isDate(text) ? text : null)) ??
    wrong(`${quoted(entries)} is not a date. Write it as year-month-day: 2026-03-13.`),
}

/**
 * A time of day. The browser’s control has no time zone, which the format requires: what it sends
 * is in UTC.
 */
export const timeType: FieldType<'time'> = {
  ...plainField,
  kind: 'time',
  matches: isOf('time'),
  show: showText,
  holds: (typed) => isBlankOr(typed, (text) => heldTime.test(text) && isTime(withZone(text))),
  read: (entries, property) =>
    readMoment(entries, property, (text) => {
      const zoned = withZone(text)
      return isTime(zoned) ? zoned : null
    }) ?? wrong(`${quoted(entries)} is not a time. Write it in UTC as 14:30:00Z.`),
}

/** A date with a time, in UTC as well. */
export const dateTimeType: FieldType<'date-time'> = {
  ...plainField,
  kind: 'date-time',
  matches: isOf('date-time'),
  show: showText,
  holds: (typed) =>
    isBlankOr(typed, (text) => heldDateTime.test(text) && isDateTime(withZone(text))),
  read: (entries, property) =>
    readMoment(entries, property, (text) => {
      const zoned = withZone(text)
      return isDateTime(zoned) ? zoned : null
    }) ??
    wrong(`${quoted(entries)} is not a date and time. Write it in UTC as 2026-03-13T14:30:00Z.`),
}

const plainDate = /^\d{4}-\d\d-\d\d$/
// A control drops fractions of zero, and knows no time zone but the one that it is said to be in.
const heldTime = /^\d\d:\d\d(?::\d\d)?Z?$/
const heldDateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z?$/

/** The text in the control, which has no time zone. */
export function withoutZone(text: string): string {
  return text.replace(/Z$/, '')
}

function isOf(format: string) {
  return ({ schema }: Property) => schema.type === 'string' && schema.format === format
}

function showText(json: Json): readonly string[] | null {
  return typeof json === 'string' ? [json] : null
}

function isBlankOr(typed: readonly Entry[], isHeld: (text: string) => boolean): boolean {
  const text = lastText(typed)
  return text === '' || isHeld(text)
}

/** Null when `parse` does not accept the text. */
function readMoment(
  entries: readonly Entry[],
  property: Property,
  parse: (text: string) => string | null,
): Reading | null {
  const typed = lastText(entries).trim()
  if (typed === '') return blank(property)
  const read = parse(typed)
  return read === null ? null : readAs(read)
}

function quoted(entries: readonly Entry[]): string {
  return `“${shortened(lastText(entries).trim())}”`
}

/** With the seconds and the time zone that a control leaves out, as RFC 3339 requires them. */
function withZone(text: string): string {
  const [, start, seconds = ':00'] = /^([\d-]*T?\d\d:\d\d)(:\d\d(?:\.\d+)?)?$/.exec(text) ?? []
  return start === undefined ? text : `${start}${seconds}Z`
}

function isDate(text: string): boolean {
  return plainDate.test(text) && momentIn(text) !== null
}

function isTime(text: string): boolean {
  return isDateTime(`2000-01-01T${text}`)
}

function isDateTime(text: string): boolean {
  return /T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && momentIn(text) !== null
}
