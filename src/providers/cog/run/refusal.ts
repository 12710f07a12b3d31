import { z } from 'zod'
import { beginning } from '../../../domain/json/excerpt.ts'
import type { Json } from '../../../domain/json/json.ts'

/** A problem with one part of the request. */
const problem = z.object({
  loc: z.array(z.union([z.string(), z.number()])),
  msg: z.string(),
})
const refused = z.object({ detail: z.array(problem).min(1) })
const told = z.object({ detail: z.string().optional(), error: z.string().optional() })

/** Further problems are only counted. */
const mostProblems = 5

/**
 * One sentence for each input that a container refused with 422, with the name of the input.
 * Pydantic 1 and 2 and coglet all use `detail`. For a union, one input may have several problems: the
 * first counts.
 */
export function refusalSentence(json: Json | undefined): string {
  const read = refused.safeParse(json)
  if (!read.success) return `Its container refused this input${reasonIn(json)}.`
  const byField = new Map<string, string>()
  for (const { loc, msg } of read.data.detail) {
    const field = fieldAt(loc)
    if (!byField.has(field)) byField.set(field, sentence(msg))
  }
  const all = [...byField].map(([field, msg]) => (field === '' ? msg : `${field}: ${msg}`))
  const more = all.length - mostProblems
  return [...all.slice(0, mostProblems), ...(more > 0 ? [`And ${more} more.`] : [])].join(' ')
}

/** `["body", "input", "images", 0, "is-instance[Path]"]` is about `images`. */
function fieldAt(loc: readonly (string | number)[]): string {
  const at = loc.indexOf('input')
  const named = at >= 0 ? loc.slice(at + 1) : loc.filter((part) => part !== 'body')
  return String(named[0] ?? '')
}

function sentence(msg: string): string {
  const text = beginning(msg.trim(), 300)
  const whole = `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
  return /[.!?]$/.test(whole) ? whole : `${whole}.`
}

function reasonIn(json: Json | undefined): string {
  const read = told.safeParse(json)
  const reason = read.success ? (read.data.detail ?? read.data.error ?? '') : ''
  return reason === '' ? '' : `: ${beginning(reason.trim().replace(/\.$/, ''), 300)}`
}
