import { Worker } from 'node:worker_threads'
import { entryFile } from '../root.ts'

/** A worker parses what is larger, in bytes: JSON of so many takes a few milliseconds at most. */
export const maxInlineBytes = 2 ** 18

/**
 * Runs a worker that posts one message. The bytes of the work are transferred to it, and cannot be used
 * afterwards. Rejects when the worker ends without a message.
 *
 * @param name Its module, as for `entryFile`.
 */
export function runWorker<Result>(
  name: string,
  work: { readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const { bytes } = work
    // A part of a larger buffer is copied, as a transfer would take the whole buffer.
    const isAll = bytes.byteLength === bytes.buffer.byteLength
    const worker = new Worker(entryFile(name), {
      workerData: work,
      transferList: isAll ? [bytes.buffer] : [],
    })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The response could not be read')))
  })
}
