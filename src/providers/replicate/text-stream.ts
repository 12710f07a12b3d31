import { createParser } from 'eventsource-parser'
import { createEventStreamDecoder } from '../event-stream-decoder.ts'
import type { Fetcher } from './fetcher.ts'

export type TextStream = ReturnType<typeof createTextStream>

export interface TextStreamOptions {
  readonly fetcher: Fetcher
  readonly signal: AbortSignal
  /** Called when there is something to take, and when the stream ends. */
  readonly onChange: () => void
}

/** More than this waits to be taken, and no more is read. */
const mostWaiting = 1_000

/** A stream that ended this often without a word is not opened again. */
const mostFruitless = 4

/** One event holds no more than this, in characters. */
const mostEvent = 16 * 2 ** 20

/**
 * The text of a run as it is written, from the service's stream of events. Each piece has its
 * place from the beginning, also after the connection was lost: the stream is taken up after the
 * last event that came, or told again from its start.
 */
export function createTextStream({ fetcher, signal, onChange: stirred }: TextStreamOptions) {
  const seen = new Set<string>()
  let waiting: string[] = []
  let read = 0
  let lastId = ''
  let state: 'closed' | 'open' | 'done' = 'closed'
  let fruitless = 0
  let drained: (() => void) | null = null

  async function follow(address: string): Promise<void> {
    const headers = { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) }
    // Without ids it is told from its start, and what is known already comes again.
    let position = lastId ? read : 0
    const parser = createParser({
      maxBufferSize: mostEvent,
      onEvent({ event, id, data }) {
        if (event === 'done' || event === 'error') state = 'done'
        if (event !== 'output' || (id !== undefined && seen.has(id))) return
        if (id !== undefined) seen.add(id)
        lastId = id ?? ''
        if (position++ < read) return
        read++
        waiting.push(data)
      },
    })
    const textOf = createEventStreamDecoder()
    for await (const chunk of await fetcher.openStream(address, headers, signal)) {
      parser.feed(textOf(chunk))
      stirred()
      if (state === 'done') break
      if (waiting.length > mostWaiting) await room()
    }
  }

  function room(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    drained = resolve
    signal.addEventListener('abort', drained, { once: true })
    return promise
  }

  return {
    isOpen: () => state === 'open',
    /** Whether the service said that all was told, since this was last asked. */
    takeDone(): boolean {
      const done = state === 'done'
      if (done) fruitless = mostFruitless
      if (done) state = 'closed'
      return done
    },
    /** Listens at an address, unless that is being done or has proved of no use. */
    open(address: string): void {
      if (state !== 'closed' || fruitless >= mostFruitless || signal.aborted) return
      state = 'open'
      const before = read
      follow(address)
        .catch(() => {})
        .finally(() => {
          fruitless = read > before ? 0 : fruitless + 1
          if (state === 'open') state = 'closed'
          stirred()
        })
    },
    /** What came since this was last asked, in order and without a gap. */
    take(): readonly string[] {
      const chunks = waiting
      waiting = []
      drained?.()
      drained = null
      return chunks
    },
  }
}
