import { availableParallelism } from 'node:os'
import type { LocalLimits } from '../limits.ts'
import { exitSentence } from '../process/exit.ts'
import type { Reaper } from '../process/reaper.ts'
import { type Copy, startCopy } from '../process/start-copy.ts'
import type { Description } from '../protocol.ts'
import { readDescription } from './description.ts'
import type { ModelFolder } from './folders.ts'
import { createTurns } from './turns.ts'

/** Asks models what they are, each in a process that ends with its answer; a few at a time. */
export function createDescribeQueue(reaper: Reaper, { describeMs, describeMemoryMb }: LocalLimits) {
  const asked = new Set<Copy>()
  const turns = createTurns(availableParallelism())
  let closed = false

  async function ask(folder: ModelFolder): Promise<Description | string> {
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
        onExit: (ending) => answer.resolve(exitSentence(ending)),
      },
      reaper,
    )
    asked.add(copy)
    const timer = setTimeout(() => {
      answer.resolve(`Import took longer than ${describeMs / 1000} s.`)
      copy.kill()
    }, describeMs)
    copy.send({ type: 'describe', path: folder.entry })
    await copy.exited
    clearTimeout(timer)
    asked.delete(copy)
    return answer.promise
  }

  return {
    /** The description, or the sentence saying why there is none. */
    describe: (folder: ModelFolder) => turns.inTurn(folder.path, () => ask(folder)),
    /** Asks this one before others that wait. */
    prioritise: (folder: ModelFolder) => turns.hurry(folder.path),
    /** Ends every process that was asked. */
    async close(): Promise<void> {
      closed = true
      for (const copy of asked) copy.kill()
      await Promise.all([...asked].map(({ exited: ended }) => ended))
    },
  }
}
