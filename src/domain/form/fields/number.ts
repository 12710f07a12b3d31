import { JsonPastBounds, mostDigits } from '../../json/bounds.ts'
import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { Property } from '../../schema/value-schema.ts'
import { boundsHint, readInBounds } from './bound-sentence.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
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
