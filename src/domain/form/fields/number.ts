import { JsonPastBounds, mostDigits } from '../../json/bounds.ts'
import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { Property, ValueSchema } from '../../schema/value-schema.ts'
import {
  blank,
  boundsHint,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
  readInBounds,
  wrong,
} from './field-type.ts'

/** An integer or a number: a number box that knows its bounds and step. */
export const numberType: FieldType<'number'> = {
  ...plainField,
  kind: 'number',
  matches: ({ schema }) => schema.type === 'integer' || schema.type === 'number',
  show: showNumber,
  holds: (typed) => typed.every(looksNumeric),
  read: readNumber,
}

function showNumber(json: Json): readonly string[] | null {
  if (typeof json === 'number' || typeof json === 'bigint') return [String(json)]
  return typeof json === 'string' && looksNumeric(json) ? [json] : null
}

function readNumber(entries: readonly Entry[], property: Property): Reading {
  const typed = lastText(entries).trim()
  if (typed === '') return blank(property)
  if (typed.length > mostDigits && numeric.test(typed))
    return wrong(new JsonPastBounds('digits').message)
  const read = property.schema.type === 'integer' ? parseInteger(typed) : parseNumber(typed)
  if (read === null)
    return wrong(
      `“${shortened(typed)}” is not ${property.schema.type === 'integer' ? 'a whole number' : 'a number'}.${boundsHint(property.schema)}`,
    )
  return readInBounds(read, property.schema, typed)
}

/** Digits beyond ±2⁵³ are kept, as a `bigint`. */
function parseInteger(typed: string): number | bigint | null {
  const digits = /^([+-]?\d+)(?:\.0*)?$/.exec(typed)?.[1]
  if (digits) {
    const read = Number(digits)
    return Number.isSafeInteger(read) ? read : BigInt(digits.replace('+', ''))
  }
  const read = parseNumber(typed)
  return read !== null && Number.isSafeInteger(read) ? read : null
}

function parseNumber(typed: string): number | null {
  if (!looksNumeric(typed)) return null
  const read = Number(typed)
  return Number.isFinite(read) ? read : null
}

/** An empty text is an empty number box. */
function looksNumeric(entry: Entry): boolean {
  if (typeof entry !== 'string') return false
  const typed = entry.trim()
  return typed === '' || (typed.length <= mostDigits && numeric.test(typed))
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

/** With more steps, a slider cannot be set precisely. */
const mostSteps = 1000

/** A number between two bounds that a slider can cover: a slider beside the number box. */
export const rangeType: FieldType<'range'> = {
  ...numberType,
  kind: 'range',
  matches: (property) => numberType.matches(property) && hasFewSteps(property.schema),
}

/** The step of the control: 1 for integers, else a round hundredth of the span or finer. */
export function stepOf({ type, multipleOf, minimum, maximum }: ValueSchema): number {
  if (multipleOf !== undefined) return multipleOf
  if (type === 'integer' || minimum === undefined || maximum === undefined) return 1
  return Math.min(1, 10 ** (Math.floor(Math.log10(maximum - minimum)) - 2))
}

function hasFewSteps(schema: ValueSchema): boolean {
  const { minimum, maximum } = schema
  if (minimum === undefined || maximum === undefined || maximum <= minimum) return false
  return (maximum - minimum) / stepOf(schema) <= mostSteps
}
