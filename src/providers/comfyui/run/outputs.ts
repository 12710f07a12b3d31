import { fileUri, type StoredFile } from '../../../domain/file/file.ts'
import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { createDownloads, type Download } from '../../downloads.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import type { WorkflowSource } from '../source.ts'
import { withoutPngTexts } from './png-texts.ts'

export interface OutputOptions {
  readonly run: Run
  readonly source: WorkflowSource
  readonly url: string
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
  const { run, source, url, client, limits } = options
  const items = source.outputs
    .flatMap(({ node }) => itemsOf(objectIn(objectIn(record.outputs)[node])))
    .slice(0, mostItems)
  const downloads = createDownloads({
    keepFile: run.keepFile,
    open: (address, ends) => open(address, client, ends),
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

/** The values of a node in the order in which it lists them. Whether a picture moves is none of them. */
function itemsOf(output: JsonObject): readonly Item[] {
  return Object.entries(output)
    .filter(([kind]) => kind !== 'animated')
    .flatMap(([, values]) => listIn(values).slice(0, mostItems))
    .map((value) => ({ file: isFile(value) ? value : null, value }))
}

function isFile(value: Json): value is JsonObject {
  return isObject(value) && typeof value.filename === 'string'
}

function addressOf({ filename, subfolder, type }: JsonObject, url: string): string {
  const query = new URLSearchParams({
    filename: textIn(filename),
    subfolder: textIn(subfolder),
    type: textIn(type) || 'output',
  })
  return `${url}/view?${query}`
}

function nameIn(address: string): string {
  return URL.parse(address)?.searchParams.get('filename') || 'file'
}

async function open(address: string, client: UpstreamClient, ends: AbortSignal): Promise<Download> {
  const { status, body } = await client.file(address, ends)
  if (status !== 200) throw new NotThere(`the server answered ${status}.`)
  return { name: nameIn(address), content: withoutPngTexts(body) }
}

class NotThere extends Error {
  override readonly name = 'NotThere'
}
