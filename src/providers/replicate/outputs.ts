import { fileUri, type StoredFile } from '../../domain/file.ts'
import { isList, isObject, type Json } from '../../domain/json.ts'
import { readSchema, type ValueSchema } from '../../domain/schema.ts'
import type { Run } from '../provider.ts'
import type { Addresses } from './addresses.ts'
import { createAlarm } from './alarm.ts'
import { dataIn } from './inputs.ts'

export interface OutputOptions {
  readonly addresses: Addresses
  /** The largest file, in bytes. */
  readonly mostBytes: number
  /** How long after a copy that failed it is tried again, in milliseconds. */
  readonly againMs: number
  readonly signal: AbortSignal
}

const mostTries = 3

/**
 * Copies the files of a run's outputs to our own store, each once: at the service they are gone
 * within the hour. One that cannot be copied keeps its address, and is told of.
 */
export function createOutputs(run: Run, { addresses, mostBytes, againMs, signal }: OutputOptions) {
  const copies = new Map<string, Promise<StoredFile | null>>()
  const lost = new Map<string, string>()
  const { output: schema } = readSchema(run.version.schemas)

  async function copy(text: string): Promise<StoredFile | null> {
    for (let tries = 1; ; tries++) {
      try {
        return await keep(text)
      } catch (error) {
        if (signal.aborted) return null
        if (tries === mostTries) {
          lost.set(text, error instanceof Error ? error.message : String(error))
          return null
        }
      }
      await createAlarm().wait(againMs * tries, signal)
    }
  }

  async function keep(text: string): Promise<StoredFile> {
    const data = dataIn(text)
    if (data) return run.keepFile(data.content.stream(), data.name)
    const { name, content } = await addresses.fetch(text, mostBytes, signal)
    return run.keepFile(content, name)
  }

  async function kept(value: Json, made: StoredFile[], at?: ValueSchema): Promise<Json> {
    if (typeof value === 'string') {
      if (!isFile(value, at, addresses)) return value
      const copied = copies.get(value) ?? copy(value)
      copies.set(value, copied)
      const file = await copied
      if (!file) return value
      made.push(file)
      return fileUri(file)
    }
    if (isList(value)) return Promise.all(value.map((item) => kept(item, made, at?.items)))
    if (!isObject(value)) return value
    const entries = Object.entries(value).map(async ([key, item]) => {
      const property = at?.properties?.find(({ name }) => name === key)
      return [key, await kept(item, made, property?.schema)] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  }

  return {
    /** The output with our own files in it. */
    async kept(output: Json): Promise<{ output: Json; files: readonly StoredFile[] }> {
      // What is one text in pieces holds no files, whatever the pieces look like.
      if (schema.concatenate) return { output, files: [] }
      const files: StoredFile[] = []
      return { output: await kept(output, files, schema), files }
    },
    /** The addresses that could not be copied, and why. */
    lost: (): ReadonlyMap<string, string> => lost,
  }
}

/** By its schema, or by where it is: one output in twenty-five is not what its schema says. */
function isFile(text: string, schema: ValueSchema | undefined, { isOwn }: Addresses): boolean {
  if (/^data:[\w.+-]+\/[\w.+-]+[;,]/.test(text.slice(0, 200))) return true
  if (!/^https?:\/\/\S+$/.test(text) || text.length > 8_000) return false
  const url = URL.parse(text)
  if (!url) return false
  if (schema?.format === 'uri' || /(?:^|\.)replicate\.delivery$/.test(url.hostname)) return true
  return isOwn(text) && url.pathname.includes('/files/')
}
