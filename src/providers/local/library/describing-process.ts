import { exitSentence } from '../process/exit.ts'
import type { Reaper } from '../process/reaper.ts'
import { startCopy } from '../process/start-copy.ts'
import type { Description } from '../protocol.ts'
import { readDescription } from './description.ts'
import type { ModelFolder } from './folders.ts'

export type DescribingProcess = ReturnType<typeof startDescribingProcess>

/** A process that imports models one after the other, to describe them. It starts in a model's folder. */
export function startDescribingProcess(
  { path }: ModelFolder,
  { memoryMb, reaper }: { readonly memoryMb: number; readonly reaper: Reaper },
) {
  let asked: PromiseWithResolvers<Description | string> | null = null
  let importing: (() => void) | null = null
  let ended: string | null = null

  function end(sentence: string): void {
    ended ??= sentence
    asked?.resolve(ended)
    copy.kill()
  }

  const copy = startCopy(
    {
      memoryMb,
      env: {},
      folder: path,
      onMessage(message) {
        if (message.type === 'importing') importing?.()
        else if (message.type === 'described') asked?.resolve(readDescription(message.description))
        else if (message.type === 'failed') end(`Import failed: ${message.error}`)
      },
      onExit: (exit) => end(exitSentence(exit)),
    },
    reaper,
  )

  return {
    /**
     * Resolves with the description, or with a sentence on why there is none. One at a time.
     * `onImport` is called when the import begins.
     */
    async describe({ entry }: ModelFolder, onImport: () => void): Promise<Description | string> {
      if (ended !== null) return ended
      importing = onImport
      asked = Promise.withResolvers()
      copy.send({ type: 'describe', path: entry })
      return asked.promise
    },
    /** Kills the process. What it was asked for resolves with the sentence. */
    end,
    /** Whether it can be asked for more. */
    isUsable: () => ended === null,
    exited: copy.exited,
  }
}
