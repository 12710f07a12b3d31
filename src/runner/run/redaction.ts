import { redacted } from '../../domain/schema/redacted.ts'
import { createSearch, type Search } from './text-search.ts'

/** Shorter secrets are left in: they are common words, and removing those would garble the text. */
const leastUnits = 4

/** Longer secrets are searched for in pieces of this length. */
const mostUnits = 4_096

/** Of all secrets together. What is longer than all real keys is not searched for. */
const mostUnitsInAll = 32 * 1024

/** Replaces secrets in the text that a run writes. */
export interface Redaction {
  /** Redacts a complete text. */
  whole(text: string): string
  /** Redacts the next chunk of a stream. Holds back its end while that may be the beginning of a secret. */
  push(more: string): string
  /** Ends the stream and returns the text that was held back. */
  end(): string
}

/** Null when there are no secrets. */
export function createRedaction(secrets: readonly string[]): Redaction | null {
  const needles = needlesOf(secrets)
  if (needles.length === 0) return null
  const search = createSearch(needles)
  const stream = createStream(search)
  return {
    ...stream,
    whole(text) {
      const { push, end } = createStream(search)
      return push(text) + end()
    },
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Reads each character once, however the stream is cut into chunks. */
function createStream(search: Search): Pick<Redaction, 'push' | 'end'> {
  /** Text that is not returned yet. */
  let held = ''
  /** How many of its first characters belong to a secret that is already replaced. */
  let replaced = 0
  /** The secrets in it. */
  let spans: Span[] = []
  let position = search.start

  function found(start: number, end: number): void {
    if (start < replaced) {
      replaced = Math.max(replaced, end)
      return
    }
    let first = start
    for (let last = spans.at(-1); last && last.end > first; last = spans.at(-1)) {
      first = Math.min(first, last.start)
      spans.pop()
    }
    spans.push({ start: first, end })
  }

  /** Returns the text before `upTo`, with each secret that begins there replaced. */
  function release(upTo: number): string {
    let text = ''
    const later = spans.filter(({ start }) => start > upTo)
    for (const { start, end } of spans.slice(0, spans.length - later.length)) {
      text += held.slice(replaced, start) + redacted
      replaced = end
    }
    const end = Math.max(replaced, upTo)
    text += held.slice(replaced, end)
    held = held.slice(end)
    replaced = 0
    spans = later.map((span) => ({ start: span.start - end, end: span.end - end }))
    return text
  }

  return {
    push(more) {
      const from = held.length
      held += more
      position = search.forEach(more, position, (length, end) =>
        found(from + end - length, from + end),
      )
      return release(held.length - search.depth(position))
    },
    end() {
      position = search.start
      return release(held.length)
    },
  }
}

/** Each secret as it is, as in JSON and as in a URL. */
function needlesOf(secrets: readonly string[]): string[] {
  const needles = new Set<string>()
  let left = mostUnitsInAll
  for (const secret of secrets) {
    const text = secret.trim().slice(0, left)
    left -= text.length
    for (const written of [text, JSON.stringify(text).slice(1, -1), urlEncoded(text)])
      for (let at = 0; at < written.length; at += mostUnits) {
        const piece = written.slice(at, at + mostUnits)
        if (piece.length >= leastUnits) needles.add(piece)
      }
  }
  return [...needles]
}

function urlEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
