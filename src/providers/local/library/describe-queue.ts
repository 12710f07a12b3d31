import { availableParallelism } from 'node:os'
import { createSemaphore } from '../../../semaphore.ts'
import type { LocalLimits } from '../limits.ts'
import { exitSentence } from '../process/exit.ts'
import type { Reaper } from '../process/reaper.ts'
import { type Copy, startCopy } from '../process/start-copy.ts'
import type { Description } from '../protocol.ts'
import { readDescription } from './description.ts'
import type { ModelFolder } from './folders.ts'

/** Imports models to describe them, each in a process of its own, and a few at a time. */
export function createDescribeQueue(reaper: Reaper, { describeMs, describeMemoryMb }: LocalLimits) {
  const copies = new Set<Copy>()
  const semaphore = createSemaphore(availableParallelism())
  let closed = false

  async function describe(folder: ModelFolder): Promise<Description | string> {
    if (closed) return 'The server is stopping.'
    const answer = Promise.withResolvers<Description | string>()
    const copy = startCopy(
      {
        memoryMb: describeMemoryMb,
        env: {},
        folder: folder.path,
        onMessage(message) {
          if (message.type === 'described') answer.resolve(readDescription(message.description))
          if (message.type === 'failed') answer.resolve(`Import failed: ${message.error}`)
          if (message.type === 'batch') copy.send({ type: 'ack' })
          else copy.kill()
        },
        onExit: (exit) => answer.resolve(exitSentence(exit)),
      },
      reaper,
    )
    copies.add(copy)
    const timer = setTimeout(() => {
      answer.resolve(`Import took longer than ${describeMs / 1000} s.`)
      copy.kill()
    }, describeMs)
    copy.send({ type: 'describe', path: folder.entry })
    await copy.exited
    clearTimeout(timer)
    copies.delete(copy)
    return answer.promise
  }

  return {
    /** The description, or a sentence on why there is none. */
    describe: (folder: ModelFolder) => semaphore.run(() => describe(folder), folder.path),
    /** Describes this folder before others that wait. */
    prioritise: (folder: ModelFolder) => semaphore.prioritise(folder.path),
    /** Kills all processes. */
    async close(): Promise<void> {
      closed = true
      for (const copy of copies) copy.kill()
      await Promise.all([...copies].map((copy) => copy.exited))
    },
  }
}
