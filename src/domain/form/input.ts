import { fileRef, fileRefsIn, fileUri, type StoredFile } from '../file/file.ts'
import { mostErrors } from '../json/bounds.ts'
import { formatJson, isList, isObject, type Json, type JsonObject, sameJson } from '../json/json.ts'
import { redacted } from '../schema/redacted.ts'
import { isFileSchema, type ModelSchema, type ValueSchema } from '../schema/schema.ts'
import { misfit } from '../schema/validate.ts'
import { isMultiple } from './fields/number.ts'
import { excessIn, inputTooLarge } from './input-size.ts'

/** What is wrong with one value of an input, in the words of `gojsonschema`, which Replicate uses. */
export interface InputError {
  /** `required`, `enum`, `invalid_type`, `number_gte`, … */
  readonly type: string
  /** `input`, `input.width`, `input.images.0`. */
  readonly field: string
  readonly description: string
}

export type InputReading =
  | { readonly ok: true; readonly input: JsonObject; readonly files: readonly StoredFile[] }
  | { readonly ok: false; readonly errors: readonly InputError[] }

interface InputCheck {
  readonly schema: ModelSchema
  /** Our own files by what names them in the input. */
  readonly files: ReadonlyMap<string, StoredFile>
  readonly errors: InputError[]
}

/**
 * Reads an input that came as JSON. What the model has no input for is dropped; a `null` for an
 * input that need not be given is the same as leaving it out.
 */
export function readInput(
  schema: ModelSchema,
  given: JsonObject,
  files: ReadonlyMap<string, StoredFile> = new Map(),
): InputReading {
  const excess = excessIn(schema, given)
  if (excess !== null) return { ok: false, errors: [tooLarge(excess)] }
  const check: InputCheck = { schema, files, errors: [] }
  const input: [string, Json][] = []
  for (const { name, required, schema: wanted } of schema.input) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || (value === null && !required)) {
      if (required) refuse(check, 'input', 'required', `${name} is required`)
    } else input.push([name, readTop(value, wanted, `input.${name}`, check)])
  }
  if (check.errors.length > 0) return { ok: false, errors: check.errors }
  const read = Object.fromEntries(input)
  const refs = new Set(fileRefsIn(read))
  return { ok: true, input: read, files: distinct([...files.values()], refs) }
}

function tooLarge(name: string): InputError {
  return { type: 'too_large', field: `input.${name}`, description: inputTooLarge }
}

function distinct(files: readonly StoredFile[], refs: ReadonlySet<string>): StoredFile[] {
  const byRef = new Map(files.map((file) => [file.ref, file]))
  return [...byRef.values()].filter(({ ref }) => refs.has(ref))
}

/** A value that its type, bounds and options allow may still not fit what else its schema says. */
function readTop(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  const errors = check.errors.length
  const read = readValue(value, wanted, field, check)
  if (check.errors.length > errors || wanted.enum || isFileSchema(wanted)) return read
  const problem = misfit(read, wanted, check.schema)
  if (problem !== null) refuse(check, field, 'invalid', problem)
  return read
}

function readValue(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (value === null && wanted.nullable) return value
  if (wanted.enum && wanted.enum.length > 0) return readOption(value, wanted, field, check)
  switch (wanted.type) {
    case 'string':
      return readText(value, wanted, field, check)
    case 'integer':
    case 'number':
      return readNumber(value, wanted, field, check)
    case 'boolean':
      if (typeof value !== 'boolean') mistyped(value, 'boolean', field, check)
      return value
    case 'array':
      return readList(value, wanted, field, check)
    case 'object':
      return readObject(value, wanted, field, check)
    default:
      return withFiles(value, check)
  }
}

function readOption(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  const { enum: listed = [], default: fallback } = wanted
  const options = fallback === undefined ? listed : [...listed, fallback]
  if (options.some((option) => sameJson(option, value))) return value
  const shown = listed.map((option) => formatJson(option)).join(', ')
  refuse(check, field, 'enum', `${nameOf(field)} must be one of the following: ${shown}`)
  return value
}

function readText(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (typeof value !== 'string') return mistyped(value, 'string', field, check)
  if (isFileSchema(wanted)) return readFile(value, field, check)
  if (wanted.secret && value === redacted)
    refuse(check, field, 'required', 'Secrets are not saved. Enter it again')
  const { minLength, maxLength } = wanted
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length
  if (minLength !== undefined && length < minLength)
    refuse(
      check,
      field,
      'string_gte',
      `String length must be greater than or equal to ${minLength}`,
    )
  if (maxLength !== undefined && length > maxLength)
    refuse(check, field, 'string_lte', `String length must be less than or equal to ${maxLength}`)
  return value
}

function readFile(value: string, field: string, check: InputCheck): Json {
  const own = check.files.get(value)
  if (own) return fileUri(own)
  if (fileRef(value) !== null) refuse(check, field, 'format', 'This file is no longer available')
  else if (!/^data:[^,]*,/i.test(value.slice(0, 1000)) && !isWebAddress(value))
    refuse(check, field, 'format', "Does not match format 'uri'")
  return value
}

function isWebAddress(text: string): boolean {
  return /^https?:/i.test(text) && URL.canParse(text)
}

function readNumber(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  const fits = wanted.type === 'number' || typeof value === 'bigint' || Number.isInteger(value)
  if (!isNumber || !fits) return mistyped(value, wanted.type ?? 'number', field, check)
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = wanted
  if (minimum !== undefined && value < minimum)
    refuse(check, field, 'number_gte', `Must be greater than or equal to ${minimum}`)
  if (maximum !== undefined && value > maximum)
    refuse(check, field, 'number_lte', `Must be less than or equal to ${maximum}`)
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    refuse(check, field, 'number_gt', `Must be greater than ${exclusiveMinimum}`)
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    refuse(check, field, 'number_lt', `Must be less than ${exclusiveMaximum}`)
  if (multipleOf !== undefined && !isMultiple(Number(value), multipleOf))
    refuse(check, field, 'multiple_of', `Must be a multiple of ${multipleOf}`)
  return value
}

function readList(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (!isList(value)) return mistyped(value, 'array', field, check)
  const { items, minItems, maxItems } = wanted
  if (minItems !== undefined && value.length < minItems)
    refuse(check, field, 'array_min_items', `Array must have at least ${minItems} items`)
  if (maxItems !== undefined && value.length > maxItems)
    refuse(check, field, 'array_max_items', `Array must have at most ${maxItems} items`)
  if (!items) return withFiles(value, check)
  return value.map((item, at) => readValue(item, items, `${field}.${at}`, check))
}

function readObject(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (!isObject(value)) return mistyped(value, 'object', field, check)
  const known = new Map((wanted.properties ?? []).map((property) => [property.name, property]))
  for (const { name, required } of known.values())
    if (required && !Object.hasOwn(value, name))
      refuse(check, field, 'required', `${name} is required`)
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const property = known.get(name)
      return [name, property ? readValue(item, property.schema, `${field}.${name}`, check) : item]
    }),
  )
}

/** Our own files in place of what names them, anywhere in a value of which its schema says nothing. */
function withFiles(value: Json, check: InputCheck): Json {
  if (check.files.size === 0) return value
  if (typeof value === 'string') {
    const own = check.files.get(value)
    return own ? fileUri(own) : value
  }
  if (isList(value)) return value.map((item) => withFiles(item, check))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withFiles(item, check)]),
  )
}

function refuse({ errors }: InputCheck, field: string, type: string, description: string): void {
  if (errors.length < mostErrors) errors.push({ type, field, description })
}

function mistyped(value: Json, expected: string, field: string, check: InputCheck): Json {
  const description = `Invalid type. Expected: ${expected}, given: ${jsonType(value)}`
  refuse(check, field, 'invalid_type', description)
  return value
}

/** The name of a value's type in JSON schema. */
export function jsonType(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'array'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** The name of what a field is of: of an item of a list, that of the list. */
function nameOf(field: string): string {
  const parts = field.split('.')
  return parts.findLast((part) => !/^\d+$/.test(part)) ?? field
}
