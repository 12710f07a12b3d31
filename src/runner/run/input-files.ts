import { dataUriBytes, readDataUri } from '../../domain/file/data-uri.ts'
import { extensionOf } from '../../domain/file/extensions.ts'
import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import { takesFiles } from '../../domain/form/fields/index.ts'
import { isList, type Json, type JsonObject } from '../../domain/json/json.ts'
import { dataUriType } from '../../domain/output/output-file.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import type { Property } from '../../domain/schema/value-schema.ts'
import type { Guard } from '../../outbound/guard.ts'

/** The largest file that is fetched for an input, in bytes. */
const mostFetched = 20 * 2 ** 20

export interface InputFilesOptions {
  readonly guard: Guard
  readonly signal: AbortSignal
  keep(content: AsyncIterable<Uint8Array>, name: string): Promise<StoredFile>
}

/** An input could not be fetched. The message names the input and the reason. */
export class InputNotFetched extends Error {
  override readonly name = 'InputNotFetched'
}

interface InputWithFiles {
  readonly input: JsonObject
  /** The files that were stored. */
  readonly files: readonly StoredFile[]
}

/** Replaces the URLs in the file fields of an input by stored files. Throws `InputNotFetched`. */
export async function fetchInputs(
  schema: ModelSchema,
  input: JsonObject,
  options: InputFilesOptions,
): Promise<InputWithFiles> {
  return withStoredFiles(schema, input, async (text, property) =>
    /^(?:https?|data):/i.test(text) ? fetchFile(text, property, options) : null,
  )
}

/** Longer `data:` URIs are stored as files of the prediction. In UTF-16 units. */
const mostDataUnits = 64 * 1024

/** Replaces large `data:` URIs in the file fields of an input by stored files, where they can be stored. */
export async function keepData(
  schema: ModelSchema,
  input: JsonObject,
  keep: InputFilesOptions['keep'],
): Promise<InputWithFiles> {
  return withStoredFiles(schema, input, async (text, { name }) =>
    text.length > mostDataUnits && readDataUri(text)
      ? keep(dataOf(text), dataName(text, name)).catch(() => null)
      : null,
  )
}

/** Replaces the texts in file fields for which `store` resolves with a file. */
async function withStoredFiles(
  { input: properties }: ModelSchema,
  input: JsonObject,
  store: (text: string, property: Property) => Promise<StoredFile | null>,
): Promise<InputWithFiles> {
  const files: StoredFile[] = []
  const fileFields = new Map(properties.filter(takesFiles).map((one) => [one.name, one]))
  const replaced: [string, Json][] = []
  for (const [name, value] of Object.entries(input)) {
    const property = fileFields.get(name)
    if (!property) {
      replaced.push([name, value])
      continue
    }
    const replace = async (one: Json) => {
      const file = typeof one === 'string' ? await store(one, property) : null
      if (file) files.push(file)
      return file ? fileUri(file) : one
    }
    const list = isList(value)
    replaced.push([name, list ? await Promise.all(value.map(replace)) : await replace(value)])
  }
  return { input: Object.fromEntries(replaced), files }
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
