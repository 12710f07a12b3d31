import { isList, isObject, type Json, sameJson } from '../json/json.ts'
import { isFileSchema, type ValueSchema, type ValueType } from './value-schema.ts'

/** The JSON schema keywords that bound a value. */
export type Bound =
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'multipleOf'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'

export interface BoundViolation {
  readonly keyword: Bound
  readonly bound: number
  /** The number itself, the characters of a text, or the items of a list. */
  readonly actual: number | bigint
}

/** A keyword of its schema that a value violates. */
export type Violation =
  | BoundViolation
  | { readonly keyword: 'type'; readonly expected: ValueType }
  | { readonly keyword: 'enum'; readonly options: readonly Json[] }
  /** `name`: of the missing member. */
  | { readonly keyword: 'required'; readonly name: string }

/**
 * The violations of a schema by a value, without those of its items and members, which have schemas
 * of their own.
 */
export function violationsOf(value: Json, schema: ValueSchema): readonly Violation[] {
  const { type, enum: options, default: fallback, nullable } = schema
  if (value === null && nullable) return []
  if (options && options.length > 0) {
    const allowed = fallback === undefined ? options : [...options, fallback]
    const isOption = allowed.some((option) => sameJson(option, value))
    return isOption ? [] : [{ keyword: 'enum', options }]
  }
  if (type === undefined) return []
  if (!isOfType[type](value)) return [{ keyword: 'type', expected: type }]
  return isObject(value) ? missingMembers(value, schema) : boundViolationsOf(value, schema)
}

/** The bounds of its schema that a number, a text or a list violates. */
export function boundViolationsOf(value: Json, schema: ValueSchema): readonly BoundViolation[] {
  const broken: BoundViolation[] = []
  const check = (keyword: Bound, actual: number | bigint) => {
    const bound = schema[keyword]
    if (bound !== undefined && !keeps[keyword](actual, bound))
      broken.push({ keyword, bound, actual })
  }
  if (typeof value === 'number' || typeof value === 'bigint')
    for (const keyword of numberBounds) check(keyword, value)
  else if (isList(value)) for (const keyword of listBounds) check(keyword, value.length)
  else if (typeof value === 'string' && hasLengths(schema)) {
    const length = [...value].length
    for (const keyword of textBounds) check(keyword, length)
  }
  return broken
}

const numberBounds = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
] as const
const textBounds = ['minLength', 'maxLength'] as const
const listBounds = ['minItems', 'maxItems'] as const

type Keeps = (actual: number | bigint, bound: number) => boolean
const atLeast: Keeps = (actual, bound) => actual >= bound
const atMost: Keeps = (actual, bound) => actual <= bound

const keeps: Readonly<Record<Bound, Keeps>> = {
  minimum: atLeast,
  maximum: atMost,
  exclusiveMinimum: (actual, bound) => actual > bound,
  exclusiveMaximum: (actual, bound) => actual < bound,
  multipleOf: (actual, step) => isMultiple(Number(actual), step),
  minLength: atLeast,
  maxLength: atMost,
  minItems: atLeast,
  maxItems: atMost,
}

function isMultiple(actual: number, step: number): boolean {
  const times = actual / step
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}

/** The length of a file's address is not bounded. */
function hasLengths(schema: ValueSchema): boolean {
  const { minLength, maxLength } = schema
  return (minLength !== undefined || maxLength !== undefined) && !isFileSchema(schema)
}

const isOfType: Readonly<Record<ValueType, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => typeof value === 'bigint' || Number.isInteger(value),
  number: (value) => typeof value === 'number' || typeof value === 'bigint',
  boolean: (value) => typeof value === 'boolean',
  array: isList,
  object: isObject,
}

function missingMembers(value: object, { properties = [] }: ValueSchema): readonly Violation[] {
  return properties
    .filter(({ name, required }) => required && !Object.hasOwn(value, name))
    .map(({ name }) => ({ keyword: 'required', name }))
}

/** The name of a value's type in JSON schema. */
export function typeNameOf(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'array'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
