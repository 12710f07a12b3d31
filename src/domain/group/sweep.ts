import { optionsOf, optionText } from '../form/fields/choice.ts'
import { takesFiles } from '../form/fields/index.ts'
import { shortened } from '../json/excerpt.ts'
import type { Property } from '../schema/value-schema.ts'

/** Chooses a whole number from `low` to `high`. */
export type Chance = (low: number, high: number) => number

/** The texts that an input takes one after another, or a sentence saying what to do. */
export type SweepReading =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly error: string }

/** The longest text of values, in UTF-16 units. */
const mostUnits = 2 ** 20

/** Two inputs span a grid. */
export const mostAxes = 2

/** Whether several values of an input can be given in one form. */
export function mayVary(property: Property): boolean {
  const { secret, type } = property.schema
  return !secret && !takesFiles(property) && type !== 'array' && type !== 'object'
}

/** Whether the values of an input are ticked, and not typed. */
export function isTicked({ schema }: Property): boolean {
  return schema.type === 'boolean' || (schema.enum?.length ?? 0) > 0
}

/** The choices of an input whose values are ticked, as texts. */
export function choicesOf(property: Property): readonly string[] {
  return optionsOf(property).map(optionText)
}

/**
 * Reads the values of an input as a person typed or ticked them: numbers separated by commas or spaces, also as
 * `from:to` or `from:to:step`, or `5 seeds`; a text on each line. `most`: of values, more are an error.
 */
export function readSweep(
  property: Property,
  typed: readonly string[],
  { most, chance }: { readonly most: number; readonly chance: Chance },
): SweepReading {
  if (typed.reduce((units, text) => units + text.length, 0) > mostUnits)
    return { ok: false, error: 'These values are too long: together they may have 1 MB of text.' }
  const texts = isTicked(property) ? typed.filter(Boolean) : undefined
  const read =
    texts ?? (isNumber(property) ? numbersIn(property, typed, most, chance) : linesIn(typed))
  if (typeof read === 'string') return { ok: false, error: read }
  const values = [...new Set(read)]
  if (values.length === 0) return { ok: false, error: none(property) }
  if (values.length > most)
    return { ok: false, error: `These are ${values.length} values. Use at most ${most}.` }
  return { ok: true, texts: values }
}

function none(property: Property): string {
  if (isTicked(property)) return 'Tick one or more.'
  return isNumber(property)
    ? 'Enter numbers, such as 1, 2, 5 or 1:5.'
    : 'Enter a value on each line.'
}

function isNumber({ schema }: Property): boolean {
  return schema.type === 'integer' || schema.type === 'number'
}

function linesIn(typed: readonly string[]): readonly string[] {
  return typed
    .join('\n')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** The numbers in a text, or why there are none. */
function numbersIn(
  property: Property,
  typed: readonly string[],
  most: number,
  chance: Chance,
): readonly string[] | string {
  const text = typed.join(' ').trim()
  const random = /^(\d{1,9}) (?:random|seeds?)$/i.exec(text)?.[1]
  if (random !== undefined && property.schema.type === 'integer')
    return randomNumbers(property, Number(random), most, chance)
  const numbers: string[] = []
  for (const part of text.split(/[\s,;]+/).filter(Boolean)) {
    const range = part.includes(':') ? rangeIn(part, most) : [part]
    if (typeof range === 'string') return range
    numbers.push(...range)
  }
  return numbers
}

/** Up to here, random numbers are whole in every language. */
const highest = 2 ** 31 - 1

function randomNumbers({ schema }: Property, count: number, most: number, chance: Chance) {
  if (count > most) return `These are ${count} values. Use at most ${most}.`
  const low = Math.ceil(Math.max(schema.minimum ?? 0, -highest))
  const high = Math.floor(Math.min(schema.maximum ?? highest, highest))
  return high < low ? [] : Array.from({ length: count }, () => String(chance(low, high)))
}

/** `1:9:2`: from 1 to 9 by 2; `1:9` by 1. Its numbers have as many decimals as were typed. */
function rangeIn(part: string, most: number): readonly string[] | string {
  const parts = part.split(':')
  const [from = 0, to = 0, given] = parts.map(Number)
  if (parts.length > 3 || parts.some((one) => !decimal.test(one)))
    return `“${shortened(part)}” is no range. Write it as from:to or from:to:step, such as 1:9:2.`
  const step = given ?? (from <= to ? 1 : -1)
  const steps = Math.floor((to - from) / step + 1e-9)
  if (step === 0 || steps < 0 || !Number.isFinite(steps))
    return `“${shortened(part)}” has no values: its step leads away from ${to}.`
  if (steps >= most) return `“${shortened(part)}” has ${steps + 1} values. Use at most ${most}.`
  const decimals = Math.max(...parts.map((one) => one.split('.')[1]?.length ?? 0))
  return Array.from({ length: steps + 1 }, (_, at) => (from + at * step).toFixed(decimals))
}

const decimal = /^-?\d{1,15}(?:\.\d{1,12})?$/
