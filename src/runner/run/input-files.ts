import { dataUriBytes, readDataUri } from '../../domain/file/data-uri.ts'
import { extensionOf } from '../../domain/file/extensions.ts'
import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import { takesFiles } from '../../domain/form/fields/index.ts'
import { isList, type Json, type JsonObject } from '../../domain/json/json.ts'
import { dataUriType } from '../../domain/output/output-file.ts'
import type { ModelSchema, Property } from '../../domain/schema/schema.ts'
import type { Guard } from '../../outbound/guard.ts'

/** What an address in an input may hold at most, in bytes. */
const mostFetched = 20 * 2 ** 20

export interface InputFilesOptions {
  readonly guard: Guard
  readonly signal: AbortSignal
  keep(content: AsyncIterable<Uint8Array>, name: string): Promise<StoredFile>
}

/** An input could not be fetched; the message says which, and why. */
export class InputNotFetched extends Error {
  override readonly name = 'InputNotFetched'
}

/**
 * Puts stored files in place of the addresses in an input's file fields. Throws `InputNotFetched`.
 */
export async function fetchInputs(
  schema: ModelSchema,
  input: JsonObject,
  options: InputFilesOptions,
): Promise<{ input: JsonObject; files: readonly StoredFile[] }> {
  const files: StoredFile[] = []
  const fileInputs = new Map(schema.input.filter(takesFiles).map((one) => [one.name, one]))
  const fetched: [string, Json][] = []
  for (const [name, value] of Object.entries(input)) {
    const property = fileInputs.get(name)
    const fetchOne = async (one: Json) => {
      if (!property || typeof one !== 'string' || !/^(?:https?|data):/i.test(one)) return one
      const file = await fetchFile(one, property, options)
      files.push(file)
      return fileUri(file)
    }
    const list = property && isList(value)
    fetched.push([name, list ? await Promise.all(value.map(fetchOne)) : await fetchOne(value)])
  }
  return { input: Object.fromEntries(fetched), files }
}

/** Data of more UTF-16 units is kept as a file of its prediction, and not within its input. */
const mostDataUnits = 64 * 1024

/** Puts stored files in place of large data in an input's file fields. What cannot be kept stays. */
export async function keepData(
  schema: ModelSchema,
  input: JsonObject,
  keep: InputFilesOptions['keep'],
): Promise<{ input: JsonObject; files: readonly StoredFile[] }> {
  const files: StoredFile[] = []
  const kept: [string, Json][] = []
  const fileInputs = new Set(schema.input.filter(takesFiles).map(({ name }) => name))
  for (const [name, value] of Object.entries(input)) {
    const keepOne = async (one: Json) => {
      if (typeof one !== 'string' || one.length <= mostDataUnits || !readDataUri(one)) return one
      const file = await keep(dataOf(one), dataName(one, name)).catch(() => null)
      if (file) files.push(file)
      return file ? fileUri(file) : one
    }
    const isOne = fileInputs.has(name)
    const list = isOne && isList(value)
    kept.push([
      name,
      list ? await Promise.all(value.map(keepOne)) : isOne ? await keepOne(value) : value,
    ])
  }
  return { input: Object.fromEntries(kept), files }
}

function dataName(uri: string, name: string): string {
  const type = dataUriType(uri)
  return type === null ? name : `${name}.${extensionOf(type)}`
}

async function fetchFile(address: string, { name }: Property, options: InputFilesOptions) {
  try {
    if (readDataUri(address)) return await options.keep(dataOf(address), name)
    const { name: called, content } = await options.guard.fetch(
      address,
      mostFetched,
      options.signal,
    )
    return await options.keep(content, called)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'It could not be fetched.'
    throw new InputNotFetched(`${name}: ${why}`, { cause: error })
  }
}

async function* dataOf(uri: string): AsyncGenerator<Uint8Array> {
  yield dataUriBytes(uri)
}
