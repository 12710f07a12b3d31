import { dataUriBytes, readDataUri } from '../../../domain/file/data-uri.ts'
import { extensionOf } from '../../../domain/file/extensions.ts'
import { fileUri, type StoredFile } from '../../../domain/file/file.ts'
import type { Json } from '../../../domain/json/json.ts'
import { stringsIn } from '../../../domain/json/walk.ts'
import type { Guard } from '../../../outbound/guard.ts'
import type { NotFetched } from '../../../outbound/not-fetched.ts'
import { createDownloads, type Download } from '../../downloads.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Serving } from '../apps/look.ts'
import type { GradioLimits } from '../limits.ts'
import { filesIn, withParts } from './values.ts'

export interface OutputOptions {
  readonly run: Run
  readonly serving: Serving
  readonly client: UpstreamClient
  readonly guard: Guard
  readonly limits: GradioLimits
}

/** An output with its files in our own store. */
export interface StoredOutput {
  readonly value: Json
  readonly files: readonly StoredFile[]
  /** A line for each file that could not be copied. */
  readonly notes: readonly string[]
}

export type Outputs = ReturnType<typeof createOutputs>

/** More files of one output than this are not copied. */
const mostFiles = 1_000

/** Copies the files of a run's outputs from its app into our own store. */
export function createOutputs(options: OutputOptions) {
  const { run, serving, client, guard, limits } = options
  const { keepFile, signal } = run
  const names = new Map<string, string>()
  const noted = new Set<string>()
  const inline = new Map<string, StoredFile>()
  const downloads = createDownloads({
    keepFile,
    open,
    isRetryable,
    retryMs: limits.waitMs,
    budgetMs: limits.copyMs,
    signal,
  })

  /** An app's own file is fetched from it, whatever URL it names: that is made of the headers of a request. */
  async function open(address: string, ends: AbortSignal): Promise<Download> {
    const name = names.get(address) ?? 'file'
    if (/^https?:\/\//i.test(address))
      return { ...(await guard.fetch(address, limits.maxFetchedBytes, ends)), name }
    const url = fileAddress(serving, address)
    if (url === null) throw new Refused('Its path is not one of a file.')
    const { status, body } = await client.file(url, ends, serving.headers)
    if (status !== 200) throw new Refused(`The app returned ${status}.`)
    return { name, content: body }
  }

  async function keepData(text: string): Promise<void> {
    const data = readDataUri(text)
    if (!data?.base64 || inline.has(text)) return
    const name = `output.${extensionOf(data.type)}`
    inline.set(text, await keepFile(oneChunk(dataUriBytes(text)), name))
  }

  /** A line for each download that failed since the last call. */
  function notes(): string[] {
    const fresh = [...downloads.failures()].filter(([path]) => !noted.has(path))
    for (const [path] of fresh) noted.add(path)
    return fresh.map(([path, why]) => {
      const name = (names.get(path) ?? 'A file').slice(0, 200)
      return `${name} could not be copied from the app: ${why}`
    })
  }

  return {
    /** An output with its files copied. */
    async store(value: Json): Promise<StoredOutput> {
      const found = filesIn(value)
        .filter(({ isStream }) => !isStream)
        .slice(0, mostFiles)
      for (const { path, name } of found) names.set(path, name)
      const copied = await downloads.fetchAll(found.map(({ path }) => path))
      for (const text of stringsIn(value)) await keepData(text)
      const files = new Set<StoredFile>()
      const placed = (file: StoredFile) => {
        files.add(file)
        return fileUri(file)
      }
      const made = withParts(value, {
        file({ path }) {
          const file = copied.get(path)
          return file ? placed(file) : null
        },
        text(text) {
          const file = inline.get(text)
          return file ? placed(file) : text
        },
      })
      return { value: made, files: [...files], notes: notes() }
    },
  }
}

/** The URL of a file of an app by its path; null for a path that leads elsewhere. */
function fileAddress({ url, config }: Serving, path: string): string | null {
  const parts = path.split('/')
  if (parts.some((part) => part === '.' || part === '..')) return null
  return `${url}${config.prefix}/file=${parts.map(encodeURIComponent).join('/')}`
}

class Refused extends Error {
  override readonly name = 'Refused'
}

/** A refusal is final; a broken connection may work the next time. */
function isRetryable(error: unknown): boolean {
  if (error instanceof RequestError) return error.sent && !error.late
  return isNotFetched(error) && error.isTransient
}

function isNotFetched(error: unknown): error is NotFetched {
  return error instanceof Error && error.name === 'NotFetched'
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
