import { createParser } from 'eventsource-parser'
import { createEventStreamDecoder } from '../../event-stream-decoder.ts'
import type { Fetcher } from '../fetcher.ts'

export type TextStream = ReturnType<typeof createTextStream>

export interface TextStreamOptions {
  readonly fetcher: Fetcher
  readonly signal: AbortSignal
  /** Called when there is text to take, and when the stream ends. */
  readonly onChange: () => void
}

/** Reading pauses when more pieces than this wait to be taken. */
const mostWaiting = 1_000

/** A stream is not opened again after it ended so many times in a row without new text. */
const mostEmpty = 4

/** The largest event, in UTF-16 units. */
const mostEvent = 16 * 2 ** 20

/**
 * The text of a run from the service's event stream, in order and without gaps. After a lost
 * connection the stream is resumed after the last event, or read again from its start.
 */
export function createTextStream({ fetcher, signal, onChange }: TextStreamOptions) {
  const seen = new Set<string>()
  let waiting: string[] = []
  let read = 0
  let lastId = ''
  let state: 'closed' | 'open' | 'done' = 'closed'
  let emptyStreams = 0
  let drained: (() => void) | null = null

  async function follow(address: string): Promise<void> {
    const headers = { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) }
    // Without ids the stream begins at its start, so known text is skipped.
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
      onChange()
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
    /** Whether the service has ended the stream since the last call. */
    takeDone(): boolean {
      const done = state === 'done'
      if (done) emptyStreams = mostEmpty
      if (done) state = 'closed'
      return done
    },
    /** Opens the stream, unless it is open or has failed too often. */
    open(address: string): void {
      if (state !== 'closed' || emptyStreams >= mostEmpty || signal.aborted) return
      state = 'open'
      const before = read
      follow(address)
        .catch(() => {})
        .finally(() => {
          emptyStreams = read > before ? 0 : emptyStreams + 1
          if (state === 'open') state = 'closed'
          onChange()
        })
    },
    /** The text since the last call. */
    take(): readonly string[] {
      const chunks = waiting
      waiting = []
      drained?.()
      drained = null
      return chunks
    },
  }
}
