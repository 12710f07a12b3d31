import { readDataUri } from '../../domain/file/data-uri.ts'
import { fileUri, type StoredFile } from '../../domain/file/file.ts'
import type { Json } from '../../domain/json/json.ts'
import { mapStringsBySchema } from '../../domain/schema/map-strings.ts'
import type { ValueSchema } from '../../domain/schema/value-schema.ts'
import type { NotFetched } from '../../outbound/not-fetched.ts'
import { createDownloads, type Download } from '../downloads.ts'
import type { Run } from '../provider.ts'
import type { ResponseReader } from '../response-reader.ts'
import type { Fetcher } from './fetcher.ts'
import { dataIn } from './inputs.ts'
import { UpstreamError } from './upstream-error.ts'

export interface ReplicateOutputOptions {
  /** What was read of the run, and has files that were in it as data. */
  readonly responses: ResponseReader
  readonly fetcher: Fetcher
  /** The largest file, in bytes. */
  readonly mostBytes: number
  /** How long after a copy that failed it is tried again, in milliseconds. */
  readonly retryMs: number
  /** How long all copies of the run may take together, in milliseconds. */
  readonly budgetMs: number
  readonly signal: AbortSignal
}

/**
 * Copies the files of a run's outputs to our own store, each once: at the service they are gone
 * within the hour. One that cannot be copied keeps its address, and is told of.
 */
export function createReplicateOutputs(run: Run, options: ReplicateOutputOptions) {
  const { fetcher, responses, mostBytes, retryMs: againMs, budgetMs, signal } = options
  const { output: schema } = run.version.schema
  const keepFile = run.keepFile
  const copies = createDownloads({
    keepFile,
    open,
    isRetryable: isRetryableDownload,
    retryMs: againMs,
    budgetMs,
    signal,
  })

  async function open(text: string, ends: AbortSignal): Promise<Download> {
    const data = dataIn(text)
    if (data) return { name: data.name, content: data.content.stream() }
    return fetcher.fetch(text, mostBytes, ends)
  }

  return {
    /** The output with our own files in it. */
    async store(output: Json): Promise<{ output: Json; files: readonly StoredFile[] }> {
      // What is one text in pieces holds no files, whatever the pieces look like.
      if (schema.concatenate) return { output, files: [] }
      const found: string[] = []
      mapStringsBySchema(output, schema, (text, at) => {
        if (isFile(text, at, fetcher)) found.push(text)
        return text
      })
      const copied = await copies.fetchAll(found)
      const held = await responses.inlineFilesIn(output)
      const files = [...held, ...found.flatMap((address) => copied.get(address) ?? [])]
      const kept = mapStringsBySchema(output, schema, (text, at) => {
        const file = isFile(text, at, fetcher) && copied.get(text)
        return file ? fileUri(file) : text
      })
      return { output: kept, files }
    },
    /** The addresses that could not be copied, and why. */
    failures: copies.failures,
  }
}

/** What was refused stays refused; a broken connection, or trouble at the other end, may pass. */
function isRetryableDownload(error: unknown): boolean {
  if (error instanceof UpstreamError)
    return error.kind === 'refused'
      ? error.status === 429 || (error.status ?? 0) >= 500
      : error.kind === 'unreachable' || error.kind === 'cut'
  return isNotFetched(error) && error.isTransient
}

function isNotFetched(error: unknown): error is NotFetched {
  return error instanceof Error && error.name === 'NotFetched'
}

/** By its schema, or by where it is: one output in twenty-five is not what its schema says. */
function isFile(text: string, schema: ValueSchema | undefined, { isOwn }: Fetcher): boolean {
  if (readDataUri(text)?.type) return true
  if (!/^https?:\/\/\S+$/.test(text) || text.length > 8_000) return false
  const url = URL.parse(text)
  if (!url) return false
  if (schema?.format === 'uri' || /(?:^|\.)replicate\.delivery$/.test(url.hostname)) return true
  return isOwn(text) && url.pathname.includes('/files/')
}
