import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileRefsIn, type StoredFile } from '../domain/file/file.ts'
import { formatJson, type Json } from '../domain/json/json.ts'
import { type Excerpt, wholeName } from '../domain/output/large-output.ts'
import type { Occurrence } from '../domain/prediction/event.ts'
import type { ValueSchema } from '../domain/schema/value-schema.ts'
import type { ExtractedFile } from './file-extractor.ts'
import { jsonOf } from './parse-response.ts'
import type { Run } from './provider.ts'
import { type ResponseShape, shaped } from './response-shapes.ts'
import { maxInlineBytes, runWorker } from './worker.ts'

/** An output that is too large to be stored with its prediction, in a file. */
export interface LargeOutputFile {
  readonly path: string
  readonly excerpt: Excerpt
  /** The references of files that were in it as data. */
  readonly refs: readonly string[]
}

/** A prediction in a response or webhook of an upstream. */
export interface ReadResponse {
  /** Undefined when it is not JSON. A large one comes without its input and other large members. */
  readonly json: Json | undefined
  /** The output of a prediction that has ended, when that is too large to be in `json`. */
  readonly large: LargeOutputFile | null
}

/** The work of a worker. */
export interface ResponseWorkerInput {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** For large outputs and files. */
  readonly folder: string
  /** Makes references unique to the run, and the same in each response. */
  readonly salt: string
  /** Which addresses in an output are files: those that contain one of these texts, or all. */
  readonly addresses: readonly string[] | 'all'
  /** The form of the response; left out for a prediction. */
  readonly shape?: ResponseShape
}

/** The result of a worker. */
export interface ResponseWorkerOutput extends ReadResponse {
  readonly held: readonly ExtractedFile[]
}

export interface ResponseReaderOptions {
  readonly run: Pick<Run, 'keepFile'>
  /** The run's own, for large outputs and files until they are stored. */
  readonly folder: string
  readonly addresses: ResponseWorkerInput['addresses']
  readonly shape?: ResponseShape
}

export type ResponseReader = ReturnType<typeof createResponseReader>

/**
 * Parses the responses and webhooks of one run. A worker parses large ones off the event loop, and
 * writes files and large outputs to a folder.
 */
export function createResponseReader({ run, folder, addresses, shape }: ResponseReaderOptions) {
  const salt = randomUUID()
  // Pictures are files, which a worker writes.
  const mostHere = shape === 'images' ? 0 : maxInlineBytes
  const held = new Map<string, ExtractedFile>()
  const kept = new Map<string, Promise<StoredFile>>()
  const underWay = new Set<Promise<unknown>>()

  async function readLarge(bytes: Uint8Array<ArrayBuffer>): Promise<ReadResponse> {
    const work: ResponseWorkerInput = { bytes, folder, salt, addresses, ...(shape && { shape }) }
    const reading = runWorker<ResponseWorkerOutput>('providers/response-worker', work)
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
    /** The bytes cannot be used afterwards: large ones are transferred to a worker. */
    async read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadResponse> {
      return bytes.length > mostHere
        ? readLarge(bytes)
        : { json: jsonIn(bytes, shape), large: null }
    },
    /** Stores the files that were in a response as data, and that a part of the output refers to. */
    inlineFilesIn: (value: Json) => (held.size === 0 ? [] : filesOf(fileRefsIn(value))),
    /** Stores a large output as a file. */
    async spill({ path, excerpt, refs }: LargeOutputFile): Promise<Spilled> {
      const files = await filesOf(refs)
      const file = await run.keepFile(createReadStream(path), wholeName(excerpt))
      const whole = { ...excerpt, ref: file.ref }
      return { type: 'spilled', excerpt: whole, files: [...files, file] }
    },
    /** Removes the folder once no worker writes to it. */
    async close(): Promise<void> {
      await Promise.allSettled(underWay)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    },
  }
}

type Spilled = Extract<Occurrence, { type: 'spilled' }>

/** The JSON of a response as a prediction; undefined when it is neither. */
export function jsonIn(
  bytes: Uint8Array<ArrayBuffer>,
  shape: ResponseShape | undefined,
): Json | undefined {
  const json = jsonOf(bytes)
  return shape === undefined ? json : (shaped(shape, json) ?? undefined)
}

/** Whether an output may hold addresses of files, by its schema. */
export function mayHoldFileUrls({ raw }: ValueSchema): boolean {
  return formatJson(raw).includes('"uri"')
}
