import { dataUriBytes, readDataUri } from '../../domain/file/data-uri.ts'
import { extensionOf } from '../../domain/file/extensions.ts'
import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import { takesFiles } from '../../domain/form/fields/index.ts'
import { isList, isObject, type Json, type JsonObject, parseJson } from '../../domain/json/json.ts'
import type { Model, Version } from '../../domain/model/model.ts'
import { dataUriType } from '../../domain/output/output-file.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { lacksSecrets } from '../../domain/schema/secrets.ts'
import type { Property } from '../../domain/schema/value-schema.ts'
import type { Guard } from '../../outbound/guard.ts'
import type { Provider } from '../../providers/provider.ts'
import type { RunnerOptions } from '../options.ts'
import type { KeepFile } from './json-spool.ts'

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

type RunInputOptions = Pick<RunnerOptions, 'store' | 'seal' | 'guard'> & {
  readonly keepFile: KeepFile
}

/** Completes the input of a prediction that is about to run. */
export function createRunInput({ store, seal, guard, keepFile }: RunInputOptions) {
  return {
    /** The version that the prediction was made with; if that is not kept, the model's current one. */
    async versionOf({ version }: Prediction, model: Model): Promise<Version> {
      if (version === model.version.id) return model.version
      return (await store.findVersion(model.ref, version)) ?? model.version
    },

    /** The input with its secrets; null when they cannot be opened. */
    async withSecrets({ id, input }: Prediction, { schema }: Version): Promise<JsonObject | null> {
      if (!lacksSecrets(schema, input)) return input
      const sealed = await store.findSecrets(id)
      const opened = sealed === null ? null : seal.open(sealed)
      const secrets = opened === null ? null : parseJson(opened)
      return secrets !== null && isObject(secrets) ? { ...input, ...secrets } : null
    },

    /** The input with the files at its URLs, if the provider wants files. Throws `InputNotFetched`. */
    async withFiles(
      { input, files, remote }: Prediction,
      { schema }: Version,
      { wantsFiles }: Provider,
      signal: AbortSignal,
    ): Promise<{ readonly input: JsonObject; readonly files: readonly StoredFile[] }> {
      // An upstream that already works on the run has its input.
      if (!wantsFiles || remote !== null) return { input, files }
      const fetched = await fetchInputs(schema, input, { guard, signal, keep: keepFile })
      return { input: fetched.input, files: [...files, ...fetched.files] }
    },
  }
}
