import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { fileRefsIn, type StoredFile } from '../domain/file/file.ts'
import { formatJson } from '../domain/json/format.ts'
import type { Json } from '../domain/json/json.ts'
import { parsePythonJson } from '../domain/json/parse.ts'
import { type Excerpt, wholeName } from '../domain/output/large-output.ts'
import type { Occurrence } from '../domain/prediction/event.ts'
import type { ValueSchema } from '../domain/schema/value-schema.ts'
import type { ExtractedFile } from './file-extractor.ts'
import type { Run } from './provider.ts'

const script = new URL(`./response-worker${extname(import.meta.url)}`, import.meta.url)

/** An answer of more bytes is read beside the event loop. */
export const maxInlineBytes = 2 ** 20

/** An output that is too large to be kept with its prediction, in a file. */
export interface LargeOutput {
  readonly path: string
  readonly excerpt: Excerpt
  /** The references of files that were in it as data. */
  readonly refs: readonly string[]
}

/** What an upstream answered about a prediction, or posted. */
export interface ReadResponse {
  /** Undefined when it is no JSON. Of a large one without its input, and what else is large in it. */
  readonly json: Json | undefined
  /** Its output, once the prediction has ended, when that is too large to be at hand. */
  readonly large: LargeOutput | null
}

/** How to read an answer: what a worker is given. */
export interface ResponseWorkerInput {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where large outputs and files are to be written. */
  readonly folder: string
  /** Makes the references of one run its own, and the same each time. */
  readonly salt: string
  /** Texts of an output that lead to files, besides data: addresses with one of these in them, or all. */
  readonly addresses: readonly string[] | 'all'
}

/** What a worker says. */
export interface ResponseWorkerOutput extends ReadResponse {
  readonly held: readonly ExtractedFile[]
}

export interface ResponseReaderOptions {
  readonly run: Pick<Run, 'keepFile'>
  /** The run's own, for what is on its way. */
  readonly folder: string
  readonly addresses: ResponseWorkerInput['addresses']
}

export type ResponseReader = ReturnType<typeof createResponseReader>

/**
 * Reads what an upstream says of one run. What is large is read by a worker, which leaves files and
 * large outputs in a folder, so that nobody waits for it.
 */
export function createResponseReader({ run, folder, addresses }: ResponseReaderOptions) {
  const salt = randomUUID()
  const held = new Map<string, ExtractedFile>()
  const kept = new Map<string, Promise<StoredFile>>()
  const underWay = new Set<Promise<unknown>>()

  async function readLarge(bytes: Uint8Array<ArrayBuffer>): Promise<ReadResponse> {
    const reading = inWorker({ bytes, folder, salt, addresses })
    underWay.add(reading)
    try {
      const read = await reading
      for (const file of read.held) held.set(file.ref, file)
      return read
    } finally {
      underWay.delete(reading)
    }
  }

  function keep({ ref, name, path }: ExtractedFile): Promise<StoredFile> {
    const file = kept.get(ref) ?? run.keepFile(createReadStream(path), name, ref)
    kept.set(ref, file)
    return file
  }

  async function filesOf(refs: readonly string[]): Promise<readonly StoredFile[]> {
    const own = [...new Set(refs)].flatMap((ref) => held.get(ref) ?? [])
    const files: StoredFile[] = []
    for (const file of own) files.push(await keep(file))
    return files
  }

  return {
    /** Takes the bytes away when there are many. */
    async read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadResponse> {
      return bytes.length > maxInlineBytes ? readLarge(bytes) : { json: jsonOf(bytes), large: null }
    },
    /** The files that a part of an output refers to because they were in an answer as data. */
    inlineFilesIn: (value: Json) => (held.size === 0 ? [] : filesOf(fileRefsIn(value))),
    /** Keeps an output that is too large as a file, and says so. */
    async spill({ path, excerpt, refs }: LargeOutput): Promise<Spilled> {
      const files = await filesOf(refs)
      const file = await run.keepFile(createReadStream(path), wholeName(excerpt))
      const whole = { ...excerpt, ref: file.ref }
      return { type: 'spilled', excerpt: whole, files: [...files, file] }
    },
    /** Removes what nobody asked for, once all is read. */
    async close(): Promise<void> {
      await Promise.allSettled(underWay)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    },
  }
}

type Spilled = Extract<Occurrence, { type: 'spilled' }>

export function jsonOf(bytes: Uint8Array<ArrayBuffer>): Json | undefined {
  try {
    return parsePythonJson(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
    )
  } catch {
    return undefined
  }
}

/** Whether its schema says that an output may have addresses of files in it. */
export function mayHoldFileUrls({ raw }: ValueSchema): boolean {
  return formatJson(raw).includes('"uri"')
}

function inWorker(reading: ResponseWorkerInput): Promise<ResponseWorkerOutput> {
  return new Promise((resolve, reject) => {
    const { bytes } = reading
    // What is a part of something larger is copied: nobody else is to lose the rest.
    const isAll = bytes.byteLength === bytes.buffer.byteLength
    const worker = new Worker(script, {
      workerData: reading,
      transferList: isAll ? [bytes.buffer] : [],
    })
    worker.once('message', (read: ResponseWorkerOutput) => resolve(read))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The answer could not be read')))
  })
}
