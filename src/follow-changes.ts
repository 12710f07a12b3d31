import type { Changes } from './changes/changes.ts'
import type { Log } from './runner/options.ts'

/** What operators keep is read again this often, in milliseconds: what was told may be lost. */
const refreshMs = 10_000

export interface FollowChangesOptions {
  readonly changes: Changes
  readonly log: Log
  /** What operators keep: each is read again by `refresh`. */
  readonly operators: readonly { refresh(): Promise<void> }[]
  /** A person has changed, or anyone may have. */
  readonly personChanged: (person?: string) => void
  /** Anything may have changed. */
  readonly missed: () => void
}

/** Keeps what a replica has in memory in step with what the others change. Returns what ends it. */
export function followChanges(options: FollowChangesOptions): () => void {
  const { changes, log, operators, personChanged, missed } = options
  let timer: NodeJS.Timeout | undefined
  let reading = false
  let isDue = false
  let ended = false

  async function readAll(): Promise<void> {
    while (isDue && !ended) {
      isDue = false
      await Promise.all(operators.map((one) => one.refresh()))
    }
  }

  /** What is told while they are read is read after that. */
  function refresh(): void {
    isDue = true
    if (reading || ended) return
    reading = true
    clearTimeout(timer)
    readAll()
      .catch((error) => log.error({ error }, 'What operators keep could not be read again'))
      .finally(() => {
        reading = false
        if (!ended) timer = setTimeout(refresh, refreshMs).unref()
      })
  }

  changes.listen((change) => {
    if (change.type === 'operators') refresh()
    if (change.type === 'person') personChanged(change.id ?? undefined)
  })
  changes.onGap(() => {
    refresh()
    personChanged()
    missed()
  })
  timer = setTimeout(refresh, refreshMs).unref()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
