import type { Changes } from './changes/changes.ts'
import type { Log } from './runner/options.ts'
import type { OperatorChanges } from './store/operator-changes.ts'

/** What operators keep is read again this often, in milliseconds: what was told may be lost. */
const refreshMs = 10_000

export interface FollowChangesOptions {
  readonly changes: Changes
  readonly log: Log
  /** What operators keep: each is read again by `refresh`. */
  readonly operators: readonly { refresh(): Promise<void> }[]
  readonly operatorChanges: Pick<OperatorChanges, 'count'>
  /** A person has changed, or anyone may have. */
  readonly personChanged: (person?: string) => void
  /** Anything may have changed. */
  readonly missed: () => void
}

/** Keeps what a replica has in memory in step with what the others change. */
export function followChanges(options: FollowChangesOptions) {
  const { changes, log, operators, operatorChanges, personChanged, missed } = options
  let timer: NodeJS.Timeout | undefined
  let reading: Promise<boolean> | null = null
  let asking: Promise<void> | null = null
  let known = -1
  let isDue = false
  /** The log has it once for as long as it lasts. */
  let isOutOfDate = false
  let ended = false

  async function readAll(): Promise<boolean> {
    while (isDue && !ended) {
      isDue = false
      await Promise.all(operators.map((one) => one.refresh()))
    }
    return true
  }

  /** Reads all again, and once more for changes that come meanwhile. Resolves with false when that failed. */
  function refresh(): Promise<boolean> {
    isDue = true
    clearTimeout(timer)
    reading ??= readAll()
      .catch((error) => {
        log.error({ error }, 'What operators keep could not be read again')
        return false
      })
      .finally(() => {
        reading = null
        if (!ended) timer = setTimeout(refresh, refreshMs).unref()
      })
    return reading
  }

  async function readCount(): Promise<void> {
    await Promise.resolve()
    asking = null
    try {
      const count = await operatorChanges.count()
      if (count === known || (await refresh())) known = count
      isOutOfDate = false
    } catch (error) {
      if (!isOutOfDate) log.error({ error }, 'What operators keep may be out of date')
      isOutOfDate = true
    }
  }

  /** All that ask at once are one statement. */
  function inStep(): Promise<void> {
    asking ??= readCount()
    return asking
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
  return {
    /** Resolves when what operators keep is known here as it is now, or when the database cannot say. */
    inStep,
    stop(): void {
      ended = true
      clearTimeout(timer)
    },
  }
}
