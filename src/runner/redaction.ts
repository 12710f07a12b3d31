import { redacted } from '../domain/fields/secret.ts'

/** Shorter than this, a secret is a word like others: taking it out would garble what is said. */
const leastUnits = 4

/** A longer secret is looked for in pieces. */
const mostUnits = 4_096

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
  const pattern = new RegExp(needles.map(escaped).join('|'), 'gu')
  let held = ''

  const whole = (text: string) => text.replace(pattern, redacted)

  /** Where the end begins that may be the beginning of a secret. */
  function holdFrom(text: string, from: number): number {
    const longest = (needles[0]?.length ?? 0) - 1
    for (let at = Math.max(from, text.length - longest); at < text.length; at++) {
      const end = text.slice(at)
      if (needles.some((needle) => needle.length > end.length && needle.startsWith(end))) return at
    }
    return text.length
  }

  return {
    whole,
    push(more) {
      const text = held + more
      let hold = holdFrom(text, 0)
      for (const { index, 0: found } of text.matchAll(pattern)) {
        if (index >= hold) break
        const end = index + found.length
        if (end > hold) hold = holdFrom(text, end)
      }
      held = text.slice(hold)
      return whole(text.slice(0, hold))
    },
    rest() {
      const last = whole(held)
      held = ''
      return last
    },
  }
}

/** Each secret as it is, and as JSON and addresses write it; the longest first. */
function needlesOf(secrets: readonly string[]): string[] {
  const needles = new Set<string>()
  for (const secret of secrets) {
    const text = secret.trim()
    for (const written of [text, JSON.stringify(text).slice(1, -1), inAddress(text)])
      for (let at = 0; at < written.length; at += mostUnits) {
        const piece = written.slice(at, at + mostUnits)
        if (piece.length >= leastUnits) needles.add(piece)
      }
  }
  return [...needles].sort((a, b) => b.length - a.length)
}

function inAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
