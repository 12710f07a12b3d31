import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Json } from '../../domain/json.ts'
import type { Excerpt } from '../../domain/large-output.ts'
import { jsonOf } from './wire.ts'

const script = new URL(`./read-answer${extname(import.meta.url)}`, import.meta.url)

/** An answer of more bytes is read beside the event loop. */
const mostBytes = 2 ** 20

/** An output that is too large to be kept with its prediction, written to a path by who read it. */
export interface LargeOutput {
  readonly path: string
  readonly excerpt: Excerpt
}

export interface ReadAnswer {
  /** Undefined when it is no JSON. Without its output, when that is large. */
  readonly json: Json | undefined
  readonly large: LargeOutput | null
}

/** How to read an answer: what a worker is given. */
export interface AnswerReading {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Where a large output is to be written. */
  readonly path: string
  /** Addresses that begin with this lead to files of the container itself. */
  readonly origin: string
  /** Whether the output may lead to files elsewhere. */
  readonly hasFiles: boolean
}

/** What a worker says: null when the answer holds files, or no large output; then it is as it was. */
export type AnswerRead = Pick<ReadAnswer, 'json' | 'large'> | { readonly bytes: Uint8Array }

/** Reads an answer; a large one in a worker, so that nobody waits for it. */
export async function readAnswer(reading: AnswerReading): Promise<ReadAnswer> {
  const { bytes } = reading
  if (bytes.length <= mostBytes)
    return { json: jsonOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)), large: null }
  const read = await inWorker(reading)
  return 'bytes' in read ? { json: jsonOf(Buffer.from(read.bytes)), large: null } : read
}

function inWorker(reading: AnswerReading): Promise<AnswerRead> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, {
      workerData: reading,
      transferList: [reading.bytes.buffer],
    })
    worker.once('message', (read: AnswerRead) => resolve(read))
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The answer could not be read')))
  })
}
