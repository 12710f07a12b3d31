import { type DataUri, dataUriBytes, readDataUri } from '../../../domain/file/data-uri.ts'
import { extensionOf } from '../../../domain/file/extensions.ts'
import { fileRefsIn, fileUri, type StoredFile } from '../../../domain/file/file.ts'
import type { Json } from '../../../domain/json/json.ts'
import { mapStringsBySchema } from '../../../domain/schema/map-strings.ts'
import type { ValueSchema } from '../../../domain/schema/value-schema.ts'
import type { Guard } from '../../../outbound/guard.ts'
import type { NotFetched } from '../../../outbound/not-fetched.ts'
import { createDownloads, type Download } from '../../downloads.ts'
import type { Run } from '../../provider.ts'
import type { ResponseReader } from '../../response-reader.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { CogLimits } from '../limits.ts'

export interface CogOutputOptions {
  readonly run: Run
  /** The container's origin: its own files are fetched from it directly. */
  readonly origin: string
  readonly client: UpstreamClient
  readonly guard: Guard
  readonly limits: CogLimits
  /** Read the run's responses, and holds files that were in them as data. */
  readonly responses: ResponseReader
}

/** A part of an output with its files in our own store. */
export interface StoredOutput {
  readonly value: Json
  readonly files: readonly StoredFile[]
  /** A line for each file that could not be downloaded. */
  readonly notes: readonly string[]
}

export type CogOutputs = ReturnType<typeof createCogOutputs>

/** Stores the files of a run's outputs: those in it as data, and those that it links to. */
export function createCogOutputs({
  run,
  origin,
  client,
  guard,
  limits,
  responses,
}: CogOutputOptions) {
  const { keepFile, signal } = run
  const { waitMs: againMs, copyMs: budgetMs } = limits
  const downloads = createDownloads({
    keepFile,
    open,
    isRetryable,
    retryMs: againMs,
    budgetMs,
    signal,
  })
  const noted = new Set<string>()
  let made = 0

  async function store(value: Json, schema?: ValueSchema): Promise<StoredOutput> {
    const texts: FileText[] = []
    mapStringsBySchema(value, schema, (text, at) => {
      const data = dataIn(text)
      if (data) texts.push({ text, data })
      else if (leadsToFile(text, at)) texts.push({ text, data: null })
      return text
    })
    const copied = await downloads.fetchAll(texts.flatMap(({ text, data }) => (data ? [] : [text])))
    const held = await responses.inlineFilesIn(value)
    if (texts.length === 0) return { value, files: held, notes: notes() }
    const files: (StoredFile | null)[] = []
    for (const { text, data } of texts)
      files.push(data ? await keepData(text, data) : (copied.get(text) ?? null))
    let at = 0
    const kept = mapStringsBySchema(value, schema, (text, as) => {
      if (!dataIn(text) && !leadsToFile(text, as)) return text
      const file = files[at++]
      return file ? fileUri(file) : text
    })
    const all = [...held, ...files.filter((file) => file !== null)]
    return { value: kept, files: all, notes: notes() }
  }

  async function keepData(text: string, { type }: DataUri): Promise<StoredFile> {
    made++
    const name = `output${made === 1 ? '' : `-${made}`}.${extensionOf(type)}`
    return keepFile(oneChunk(dataUriBytes(text)), name)
  }

  /** A line for each download that failed since the last call. */
  function notes(): string[] {
    const fresh = [...downloads.failures()].filter(([address]) => !noted.has(address))
    for (const [address] of fresh) noted.add(address)
    return fresh.map(
      ([address, why]) =>
        `${address.slice(0, 2_000)} could not be copied, so the output links to it: ${why}`,
    )
  }

  /** Only an address that the schema declares as a file, or one of the container, is a file. */
  function leadsToFile(text: string, schema: ValueSchema | undefined): boolean {
    if (!/^https?:\/\//i.test(text)) return false
    return schema?.format === 'uri' || URL.parse(text)?.origin === origin
  }

  async function open(url: string, ends: AbortSignal): Promise<Download> {
    if (URL.parse(url)?.origin !== origin) return guard.fetch(url, limits.maxFetchedBytes, ends)
    const { status, body } = await client.file(url, ends)
    if (status !== 200) throw new Refused(`It returned ${status}.`)
    return { name: lastPart(url), content: body }
  }

  return {
    store,
    /** Whether a value has files to be stored. */
    hasFiles(value: Json, schema: ValueSchema): boolean {
      // Pieces of one text are many, and none is a file.
      if (schema.concatenate) return false
      let found = fileRefsIn(value).length > 0
      mapStringsBySchema(value, schema, (text, at) => {
        found ||= dataIn(text) !== null || leadsToFile(text, at)
        return text
      })
      return found
    },
  }
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

/** A text of an output that is a file; its data when it holds that itself. */
interface FileText {
  readonly text: string
  readonly data: DataUri | null
}

/** A `data:` URI in base64, which is how Cog writes files; null for any other text. */
function dataIn(text: string): DataUri | null {
  const data = readDataUri(text)
  return data?.base64 ? data : null
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
