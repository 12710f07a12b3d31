import { readDataUri } from '../file/data-uri.ts'
import { fileRef, fileRefsIn, fileUri, type StoredFile } from '../file/file.ts'
import { mostErrors } from '../json/bounds.ts'
import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'
import { mapStrings } from '../json/walk.ts'
import { redacted } from '../schema/redacted.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { validationError } from '../schema/validator.ts'
import { isFileSchema, type ValueSchema } from '../schema/value-schema.ts'
import { violationsOf } from '../schema/violations.ts'
import { type InputError, inputErrorOf } from './input-error.ts'
import { inputTooLarge, oversizedInput } from './read-form.ts'

export type InputReading =
  | { readonly ok: true; readonly input: JsonObject; readonly files: readonly StoredFile[] }
  | { readonly ok: false; readonly errors: readonly InputError[] }

interface InputCheck {
  readonly schema: ModelSchema
  /** Stored files by the texts that refer to them in the input. */
  readonly files: ReadonlyMap<string, StoredFile>
  readonly errors: InputError[]
}

/**
 * Reads an input from JSON. Unknown names are dropped; `null` for an optional input is the same as
 * leaving it out.
 */
export function readInput(
  schema: ModelSchema,
  given: JsonObject,
  files: ReadonlyMap<string, StoredFile> = new Map(),
): InputReading {
  const excess = oversizedInput(schema, given)
  if (excess !== null) return { ok: false, errors: [tooLarge(excess)] }
  const check: InputCheck = { schema, files, errors: [] }
  const input: [string, Json][] = []
  for (const { name, required, schema: wanted } of schema.input) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || (value === null && !required)) {
      if (required) refuse(check, inputErrorOf({ keyword: 'required', name }, null, 'input'))
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

/** A value without violations is also validated against the schema as written. */
function readTop(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  const errors = check.errors.length
  const read = readValue(value, wanted, field, check)
  if (check.errors.length > errors || wanted.enum || isFileSchema(wanted)) return read
  const problem = validationError(read, wanted, check.schema)
  if (problem !== null) refuse(check, { type: 'invalid', field, description: problem })
  return read
}

function readValue(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (typeof value === 'string' && isFileSchema(wanted)) return readFile(value, field, check)
  for (const violation of violationsOf(value, wanted))
    refuse(check, inputErrorOf(violation, value, field))
  if (wanted.enum && wanted.enum.length > 0) return value
  switch (wanted.type) {
    case 'string':
      if (wanted.secret && value === redacted) refuse(check, secretNotKept(field))
      return value
    case 'array':
      return readList(value, wanted, field, check)
    case 'object':
      return readMembers(value, wanted, field, check)
    case undefined:
      return withFiles(value, check)
    default:
      return value
  }
}

function readFile(value: string, field: string, check: InputCheck): Json {
  const own = check.files.get(value)
  if (own) return fileUri(own)
  const badFile = (description: string) => refuse(check, { type: 'format', field, description })
  if (fileRef(value) !== null) badFile('This file is no longer available')
  else if (readDataUri(value) === null && !isWebAddress(value))
    badFile("Does not match format 'uri'")
  return value
}

function isWebAddress(text: string): boolean {
  return /^https?:/i.test(text) && URL.canParse(text)
}

function secretNotKept(field: string): InputError {
  return { type: 'required', field, description: 'Secrets are not saved. Enter it again' }
}

function readList(value: Json, { items }: ValueSchema, field: string, check: InputCheck): Json {
  if (!isList(value)) return value
  if (!items) return withFiles(value, check)
  return value.map((item, at) => readValue(item, items, `${field}.${at}`, check))
}

function readMembers(value: Json, wanted: ValueSchema, field: string, check: InputCheck): Json {
  if (!isObject(value)) return value
  const known = new Map((wanted.properties ?? []).map(({ name, schema }) => [name, schema]))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const schema = known.get(name)
      return [name, schema ? readValue(item, schema, `${field}.${name}`, check) : item]
    }),
  )
}

/** References to stored files in place of their addresses, in a value without a schema. */
function withFiles(value: Json, { files }: InputCheck): Json {
  return mapStrings(value, (text) => {
    const own = files.get(text)
    return own ? fileUri(own) : text
  })
}

function refuse({ errors }: InputCheck, error: InputError): void {
  if (errors.length < mostErrors) errors.push(error)
}
