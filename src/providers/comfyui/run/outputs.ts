import { fileUri, type StoredFile } from '../../../domain/file/file.ts'
import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { createDownloads, type Download } from '../../downloads.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import type { Server } from '../servers/server.ts'
import type { WorkflowSource } from '../source.ts'
import { withoutPngTexts } from './png-texts.ts'

export interface OutputOptions {
  readonly run: Run
  readonly source: WorkflowSource
  readonly server: Server
  readonly client: UpstreamClient
  readonly limits: ComfyLimits
}

/** What a prompt made, with its files in our own store. */
export interface StoredOutput {
  /** Null when it made nothing. */
  readonly value: Json
  readonly files: readonly StoredFile[]
  /** A line for each file that could not be copied. */
  readonly failures: readonly string[]
}

const mostItems = 500

/** Copies the files that a prompt made, as its record lists them. */
export async function storeOutput(
  record: JsonObject,
  options: OutputOptions,
): Promise<StoredOutput> {
  const { run, source, server, client, limits } = options
  const { url } = server
  const items = source.outputs
    .flatMap(({ node }) => itemsOf(objectIn(objectIn(record.outputs)[node])))
    .slice(0, mostItems)
  const downloads = createDownloads({
    keepFile: run.keepFile,
    open: (address, ends) => open(address, { server, client, ends }),
    isRetryable: (error) => error instanceof RequestError && error.sent && !error.late,
    retryMs: limits.waitMs,
    budgetMs: limits.copyMs,
    signal: run.signal,
  })
  const addresses = items.flatMap(({ file }) => (file ? [addressOf(file, url)] : []))
  const stored = await downloads.fetchAll(addresses)
  const values = items.flatMap(({ file, value }): readonly Json[] => {
    if (!file) return [value]
    const own = stored.get(addressOf(file, url))
    return own ? [fileUri(own)] : []
  })
  const [first = null] = values
  const isOne = run.version.schema.output.type !== 'array' && values.length <= 1
  return {
    value: isOne || values.length === 0 ? first : values,
    files: [...stored.values()],
    failures: [...downloads.failures()].map(
      ([address, why]) => `${nameIn(address)} could not be copied: ${why}`,
    ),
  }
}

/** A file at a server, or another value that a node made. */
interface Item {
  readonly file: JsonObject | null
  readonly value: Json
}

/**
 * The files of a node in the order in which it lists them, whatever it calls them: `images`, `gifs`, `audio`,
 * `video`. Values beside files only describe these. Without files, its values.
 */
function itemsOf(output: JsonObject): readonly Item[] {
  const items = Object.values(output)
    .flatMap((values) => listIn(values).slice(0, mostItems))
    .map((value) => ({ file: isFile(value) ? value : null, value }))
  const files = items.filter(({ file }) => file !== null)
  return files.length > 0 ? files : items
}

const longestName = 1_000

function isFile(value: Json): value is JsonObject {
  if (!isObject(value) || typeof value.filename !== 'string') return false
  return value.filename.length + textIn(value.subfolder).length <= longestName
}

function addressOf({ filename, subfolder, type }: JsonObject, url: string): string {
  const query = new URLSearchParams({
    filename: textIn(filename),
    subfolder: textIn(subfolder),
    type: textIn(type) || 'output',
  })
  return `${url}/view?${query}`
}

/** The name of the file at an address, without folders. */
function nameIn(address: string): string {
  const name = URL.parse(address)?.searchParams.get('filename') ?? ''
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) || 'file'
}

interface Opening extends Pick<OutputOptions, 'server' | 'client'> {
  readonly ends: AbortSignal
}

async function open(address: string, { server, client, ends }: Opening): Promise<Download> {
  const { status, body } = await client.file(address, ends, server.headers())
  if (status !== 200) throw new NotThere(`the server answered ${status}.`)
  return { name: nameIn(address), content: withoutPngTexts(body) }
}

class NotThere extends Error {
  override readonly name = 'NotThere'
}
