import { readDataUri } from '../../../domain/file/data-uri.ts'
import { fileUri, type StoredFile } from '../../../domain/file/file.ts'
import type { Json } from '../../../domain/json/json.ts'
import { mapStringsBySchema } from '../../../domain/schema/map-strings.ts'
import type { ValueSchema } from '../../../domain/schema/value-schema.ts'
import type { NotFetched } from '../../../outbound/not-fetched.ts'
import { createDownloads, type Download } from '../../downloads.ts'
import type { Run } from '../../provider.ts'
import type { ResponseReader } from '../../response-reader.ts'
import type { Fetcher } from '../fetcher.ts'
import { UpstreamError } from '../upstream-error.ts'
import { dataIn } from './inputs.ts'

export interface ReplicateOutputOptions {
  /** Read the run's responses, and holds files that were in them as data. */
  readonly responses: ResponseReader
  readonly fetcher: Fetcher
  /** The largest file that is downloaded, in bytes. */
  readonly mostBytes: number
  /** How long to wait before the first retry of a download, in milliseconds. */
  readonly retryMs: number
  /** How long all downloads of the run may take together, in milliseconds. */
  readonly budgetMs: number
  readonly signal: AbortSignal
}

/**
 * Stores the files of a run's outputs, each once, as the service deletes them within an hour. A file
 * that cannot be downloaded keeps its address.
 */
export function createReplicateOutputs(run: Run, options: ReplicateOutputOptions) {
  const { fetcher, responses, mostBytes, retryMs: againMs, budgetMs, signal } = options
  const { output: schema } = run.version.schema
  const keepFile = run.keepFile
  const downloads = createDownloads({
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

  function addressesIn(output: Json): readonly string[] {
    // Pieces of one text are not files, even if they look like addresses.
    if (schema.concatenate) return []
    const found: string[] = []
    mapStringsBySchema(output, schema, (text, at) => {
      if (isFile(text, at, fetcher)) found.push(text)
      return text
    })
    return found
  }

  return {
    /** Whether there are files in an output, that are to be downloaded. */
    hasFiles: (output: Json): boolean => addressesIn(output).length > 0,
    /** The output with references to stored files. */
    async store(output: Json): Promise<{ output: Json; files: readonly StoredFile[] }> {
      if (schema.concatenate) return { output, files: [] }
      const found = addressesIn(output)
      const copied = await downloads.fetchAll(found)
      const held = await responses.inlineFilesIn(output)
      const files = [...held, ...found.flatMap((address) => copied.get(address) ?? [])]
      const kept = mapStringsBySchema(output, schema, (text, at) => {
        const file = isFile(text, at, fetcher) && copied.get(text)
        return file ? fileUri(file) : text
      })
      return { output: kept, files }
    },
    /** The addresses that could not be downloaded, and why. */
    failures: downloads.failures,
  }
}

/** A refusal is final, except for 429 and 5xx; a broken connection may work the next time. */
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

/** By its schema or its host: one output in twenty-five does not fit its schema. */
function isFile(text: string, schema: ValueSchema | undefined, { isOwn }: Fetcher): boolean {
  if (readDataUri(text)?.type) return true
  if (!/^https?:\/\/\S+$/.test(text) || text.length > 8_000) return false
  const url = URL.parse(text)
  if (!url) return false
  if (schema?.format === 'uri' || /(?:^|\.)replicate\.delivery$/.test(url.hostname)) return true
  return isOwn(text) && url.pathname.includes('/files/')
}
