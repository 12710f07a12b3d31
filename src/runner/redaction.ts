import { redacted } from '../domain/schema/redacted.ts'
import { createSearch, type Search } from './text-search.ts'

/** Shorter than this, a secret is a word like others: taking it out would garble what is said. */
const leastUnits = 4

/** A longer secret is looked for in pieces. */
const mostUnits = 4_096

/** Together they are no longer than any keys are: the rest is not looked for. */
const mostUnitsInAll = 32 * 1024

/** Takes what must not be told out of what a run says. */
export interface Redaction {
  /** A text that is whole. */
  whole(text: string): string
  /** More of a stream, without its end as long as that may become a secret. */
  push(more: string): string
  /** What was held back of the stream, as no more of it comes. */
  rest(): string
}

/** Null when there is nothing to take out. */
export function createRedaction(secrets: readonly string[]): Redaction | null {
  const needles = needlesOf(secrets)
  if (needles.length === 0) return null
  const search = createSearch(needles)
  const stream = createStream(search)
  return {
    ...stream,
    whole(text) {
      const { push, rest } = createStream(search)
      return push(text) + rest()
    },
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Each character is looked at once, however the stream is cut. */
function createStream(search: Search): Pick<Redaction, 'push' | 'rest'> {
  /** What is not told yet, and the secrets in it; `taken`: how much of it belongs to one that was. */
  let held = ''
  let taken = 0
  let spans: Span[] = []
  let position = search.start

  function found(start: number, end: number): void {
    if (start < taken) {
      taken = Math.max(taken, end)
      return
    }
    let first = start
    for (let last = spans.at(-1); last && last.end > first; last = spans.at(-1)) {
      first = Math.min(first, last.start)
      spans.pop()
    }
    spans.push({ start: first, end })
  }

  /** Tells all before `upTo`, and each secret that begins there. */
  function told(upTo: number): string {
    let text = ''
    const later = spans.filter(({ start }) => start > upTo)
    for (const { start, end } of spans.slice(0, spans.length - later.length)) {
      text += held.slice(taken, start) + redacted
      taken = end
    }
    const end = Math.max(taken, upTo)
    text += held.slice(taken, end)
    held = held.slice(end)
    taken = 0
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
      return told(held.length - search.depth(position))
    },
    rest() {
      position = search.start
      return told(held.length)
    },
  }
}

/** Each secret as it is, and as JSON and addresses write it. */
function needlesOf(secrets: readonly string[]): string[] {
  const needles = new Set<string>()
  let left = mostUnitsInAll
  for (const secret of secrets) {
    const text = secret.trim().slice(0, left)
    left -= text.length
    for (const written of [text, JSON.stringify(text).slice(1, -1), inAddress(text)])
      for (let at = 0; at < written.length; at += mostUnits) {
        const piece = written.slice(at, at + mostUnits)
        if (piece.length >= leastUnits) needles.add(piece)
      }
  }
  return [...needles]
}

function inAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
