import type { Json } from '../../domain/json/json.ts'
import type { InstanceRequest } from '../../store/instances.ts'
import type { WaitState } from '../instances/waiting.ts'
import type { Sharing } from './sharing.ts'

interface Asked {
  /** JSON of the last progress that was told. */
  told: string
  readonly waits: (state: WaitState) => void
  readonly answered: (answer: Json) => void
}

/** Answers are looked for as often as this without being told of, in milliseconds. */
const lookMs = 1_000

/** Asks the server that runs the containers, through the database. */
export function createAsking(sharing: Sharing, closing: AbortSignal) {
  const { table, replica, changes, now, newId, log } = sharing
  const waiting = new Map<string, Asked>()
  /** Requests that last: slots that are held. */
  const lasting = new Set<string>()
  const ending = new Set<string>()
  let looking: Promise<void> | null = null
  let isLookDue = false
  const timer = setInterval(() => {
    if (waiting.size + ending.size > 0) look()
  }, lookMs).unref()

  changes.listen((change) => {
    if (change.type === 'instance answers' && change.replica === replica) look()
  })
  changes.onGap(look)

  /** An answer that comes while others are read is read right after them. */
  function look(): void {
    isLookDue = true
    looking ??= lookWhileDue()
  }

  async function lookWhileDue(): Promise<void> {
    while (isLookDue) {
      isLookDue = false
      await lookOnce().catch((error) =>
        log.error({ error }, 'Answers about containers could not be read'),
      )
    }
    looking = null
  }

  async function lookOnce(): Promise<void> {
    const asked = [...waiting.keys()]
    const ends = [...ending]
    const rows = await table.own()
    for (const row of rows) note(row)
    // A server that was taken for dead has no requests any more.
    const there = new Set(rows.map(({ id }) => id))
    for (const id of ends) if (!there.has(id)) ending.delete(id)
    for (const id of asked) if (!there.has(id)) waiting.get(id)?.answered(null)
    const over = rows.map(({ id }) => id).filter((id) => !waiting.has(id) && !lasting.has(id))
    if (over.length > 0) await endNow(over)
  }

  function note({ id, progress, answer }: InstanceRequest): void {
    const asked = waiting.get(id)
    if (!asked) return
    const text = JSON.stringify(progress)
    if (progress !== null && text !== asked.told) {
      asked.told = text
      asked.waits(progress as unknown as WaitState)
    }
    if (answer !== null) asked.answered(answer)
  }

  /** Resolves with the answer; with null when the signal aborted first. The request lasts until it is ended. */
  async function ask(
    kind: InstanceRequest['kind'],
    subject: string,
    signal: AbortSignal,
    waits: (state: WaitState) => void = () => {},
  ): Promise<{ readonly id: string; readonly answer: Json }> {
    const id = newId()
    lasting.add(id)
    const answered = Promise.withResolvers<Json>()
    const left = () => answered.resolve(null)
    const ended = AbortSignal.any([signal, closing])
    ended.addEventListener('abort', left, { once: true })
    if (ended.aborted) left()
    else {
      try {
        await table.ask({ id, kind, subject, askedAt: now() })
      } catch (error) {
        // It may have been written all the same.
        end(id)
        throw error
      }
      waiting.set(id, { told: '', waits, answered: answered.resolve })
      changes.tell({ type: 'instance requests' })
    }
    const answer = await answered.promise
    waiting.delete(id)
    ended.removeEventListener('abort', left)
    return { id, answer }
  }

  /** Ends a request, at the latest when the database can be reached again. */
  function end(id: string): void {
    lasting.delete(id)
    ending.add(id)
    endNow([id]).catch((error) => log.error({ error }, 'A slot of a container is given back later'))
  }

  async function endNow(ids: readonly string[]): Promise<void> {
    await table.end(ids)
    for (const id of ids) ending.delete(id)
    changes.tell({ type: 'instance requests' })
  }

  return {
    ask,
    end,
    /** Asks something that is over with its answer. */
    async once(kind: InstanceRequest['kind'], subject: string, signal: AbortSignal): Promise<Json> {
      const { id, answer } = await ask(kind, subject, signal)
      end(id)
      return answer
    },
    /** What this server still holds is given back. */
    async close(): Promise<void> {
      clearInterval(timer)
      await looking
      const left = [...lasting, ...ending]
      if (left.length > 0)
        await endNow(left).catch((error) =>
          log.error({ error }, 'Slots of containers are given back when this server is gone'),
        )
    },
  }
}
