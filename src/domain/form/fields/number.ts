import { mostDigits } from '../../json/bounds.ts'
import { shortened } from '../../json/excerpt.ts'
import { type Json, JsonPastBounds } from '../../json/json.ts'
import type { Property, ValueSchema } from '../../schema/schema.ts'
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
      `“${shortened(typed)}” is not ${property.schema.type === 'integer' ? 'a whole number' : 'a number'}.${hint(property.schema)}`,
    )
  const bound = boundError(read, typed, property.schema)
  return bound ? wrong(bound) : readAs(read)
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

/** Nothing at all is a number box that was left empty. */
function looksNumeric(entry: Entry): boolean {
  if (typeof entry !== 'string') return false
  const typed = entry.trim()
  return typed === '' || (typed.length <= mostDigits && numeric.test(typed))
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

function boundError(read: number | bigint, typed: string, schema: ValueSchema): string | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const told = shortened(typed)
  if (minimum !== undefined && read < minimum) return `${told} is too low.${hint(schema)}`
  if (maximum !== undefined && read > maximum) return `${told} is too high.${hint(schema)}`
  if (exclusiveMinimum !== undefined && read <= exclusiveMinimum)
    return `${told} is too low. Use more than ${exclusiveMinimum}.`
  if (exclusiveMaximum !== undefined && read >= exclusiveMaximum)
    return `${told} is too high. Use less than ${exclusiveMaximum}.`
  if (multipleOf !== undefined && !isMultiple(Number(read), multipleOf))
    return `${told} is not a multiple of ${multipleOf}.`
  return null
}

/** A bound that somebody meant: past ±2⁵³ a schema only says that it has none. */
export function toldBound(bound: number | undefined): number | undefined {
  return bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined
}

export function isMultiple(read: number, step: number): boolean {
  const times = read / step
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}

function hint({ type, ...bounds }: ValueSchema): string {
  const [minimum, maximum] = [toldBound(bounds.minimum), toldBound(bounds.maximum)]
  const noun = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined)
    return ` Use ${noun} from ${minimum} to ${maximum}.`
  if (minimum !== undefined) return ` Use ${minimum} or more.`
  return maximum === undefined ? '' : ` Use ${maximum} or less.`
}
