import { Buffer } from 'node:buffer'
import type { StoredFile } from '../../domain/file.ts'
import { fileUri } from '../../domain/file.ts'
import { isList, isObject, type Json } from '../../domain/json.ts'
import { extensionOf } from '../../domain/output-file.ts'
import type { ValueSchema } from '../../domain/schema.ts'
import type { Guard } from '../../outbound/guard.ts'
import type { Run } from '../provider.ts'
import type { CogLimits } from './limits.ts'
import { pause } from './pause.ts'
import { NotAnswered, type Wire } from './wire.ts'

export interface OutputOptions {
  readonly run: Run
  /** The container's own, as an origin: its files are fetched from it directly. */
  readonly origin: string
  readonly wire: Wire
  readonly guard: Guard
  readonly limits: CogLimits
}

/** A part of an output with its files in our own store. */
export interface Kept {
  readonly value: Json
  readonly files: readonly StoredFile[]
  /** A line for each file that stays where it is. */
  readonly notes: readonly string[]
}

export type Outputs = ReturnType<typeof createOutputs>

const attempts = 3

/** Keeps the files in what a run makes: what it holds as data, and what it leads to by an address. */
export function createOutputs({ run, origin, wire, guard, limits }: OutputOptions) {
  let made = 0

  async function keep(value: Json, schema?: ValueSchema): Promise<Kept> {
    const files: StoredFile[] = []
    const notes: string[] = []
    const keepFile = async (content: AsyncIterable<Uint8Array>, name: string) => {
      const file = await run.keepFile(content, name)
      files.push(file)
      return fileUri(file)
    }

    async function fetched(url: string): Promise<string> {
      for (let attempt = 1; ; attempt++)
        try {
          const { name, content } = await open(url)
          return await keepFile(content, name)
        } catch (error) {
          if (!isOfNetwork(error)) throw error
          if (attempt === attempts || run.signal.aborted) {
            notes.push(`${url} could not be copied, so the output leads there: ${error.message}`)
            return url
          }
          await pause(limits.waitMs, run.signal)
        }
    }

    async function kept(json: Json, as: ValueSchema | undefined): Promise<Json> {
      if (typeof json === 'string') {
        const data = dataIn(json)
        if (data) return keepFile(oneChunk(data.bytes), nameFor(data.type))
        return leadsToFile(json, as) ? fetched(json) : json
      }
      if (isList(json)) {
        const items: Json[] = []
        for (const item of json) items.push(await kept(item, as?.items))
        return items
      }
      if (!isObject(json)) return json
      const entries: [string, Json][] = []
      for (const [key, item] of Object.entries(json)) {
        const property = as?.properties?.find(({ name }) => name === key)
        entries.push([key, await kept(item, property?.schema)])
      }
      return Object.fromEntries(entries)
    }

    return { value: await kept(value, schema), files, notes }
  }

  /** A text that happens to be an address elsewhere is a text. */
  function leadsToFile(text: string, schema: ValueSchema | undefined): boolean {
    if (!/^https?:\/\//i.test(text)) return false
    return schema?.format === 'uri' || URL.parse(text)?.origin === origin
  }

  async function open(url: string) {
    if (URL.parse(url)?.origin !== origin)
      return guard.fetch(url, limits.maxFetchedBytes, run.signal)
    const { status, body } = await wire.file(url, run.signal)
    if (status !== 200) throw new NotAnswered(`it answered ${status}`, true)
    return { name: lastPart(url), content: body }
  }

  /** Data has no name of its own. */
  function nameFor(type: string): string {
    made++
    return `output${made === 1 ? '' : `-${made}`}.${extensionOf(type)}`
  }

  return { keep }
}

/** The bytes of a `data:` URI in base64, which is how Cog writes files; null for any other text. */
function dataIn(text: string): { bytes: Buffer; type: string } | null {
  const head = /^data:([a-z]+\/[\w.+-]+)?(?:;[\w-]+=[^;,\s]*)*;base64,/i.exec(text.slice(0, 300))
  if (!head) return null
  const type = head[1]?.toLowerCase() ?? 'application/octet-stream'
  return { bytes: Buffer.from(text.slice(head[0].length), 'base64'), type }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function lastPart(url: string): string {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last) || 'file'
  } catch {
    return last || 'file'
  }
}

/** What was reached through the guard fails as `NotFetched`, what is the container's own as `NotAnswered`. */
function isOfNetwork(error: unknown): error is Error {
  return error instanceof Error && ['NotFetched', 'NotAnswered'].includes(error.name)
}
