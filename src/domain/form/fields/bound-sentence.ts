import { shortened } from '../../json/excerpt.ts'
import type { Json } from '../../json/json.ts'
import type { ValueSchema } from '../../schema/value-schema.ts'
import { type Bound, type BoundViolation, boundViolationsOf } from '../../schema/violations.ts'
import { type Reading, readAs, wrong } from './field-type.ts'

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
