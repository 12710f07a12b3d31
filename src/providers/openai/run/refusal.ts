import { beginning } from '../../../domain/json/excerpt.ts'
import { isList, isObject, type Json } from '../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../domain/json/parts.ts'
import { tooLongMetric } from '../../../domain/prediction/answer-end.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'

const mostUnits = 500

/** The message of an error of any of the servers; null when there is none. */
export function messageIn(json: Json | undefined): string | null {
  if (!isObject(json)) return null
  const { error, message, detail } = json
  const said = [objectIn(error).message, error, message, detail, ...detailsIn(detail)]
  const text = said.map(textIn).find((one) => one.trim() !== '')
  return text === undefined ? null : beginning(text.trim(), mostUnits)
}

/** FastAPI's list of what is wrong with a request. */
function detailsIn(detail: Json | undefined): readonly Json[] {
  return listIn(detail)
    .slice(0, 5)
    .map((one) => {
      const { loc, msg } = objectIn(one)
      const at = isList(loc) ? textIn(loc.at(-1)) : ''
      return at === '' ? textIn(msg) : `${at}: ${textIn(msg)}`
    })
}

/** Whether a server answers that it is still loading its model. */
export function isLoadingAnswer(status: number, json: Json | undefined): boolean {
  return status === 503 && /\bloading\b|\bstarting\b/i.test(messageIn(json) ?? '')
}

/** Whether another try can succeed: the server is overloaded, and the account has credit. */
export function isBusyAnswer(status: number, json: Json | undefined): boolean {
  const { code, type } = objectIn(objectIn(json).error)
  return (status === 429 || status === 503) && ![code, type].includes('insufficient_quota')
}

/** Why a server did not answer, or not to its end. */
export interface Failure {
  /** A sentence. */
  readonly error: string
  /** Whether the conversation is longer than the model takes. */
  readonly isTooLong: boolean
}

/** Reports the end of a run that failed. */
export function* reportFailure({ error, isTooLong }: Failure): Generator<Occurrence> {
  if (isTooLong) yield { type: 'measured', metrics: tooLongMetric }
  yield { type: 'failed', error }
}

/** Why a server refused a request. */
export function refusal(status: number, json: Json | undefined, place: string): Failure {
  if (status === 401 || status === 403)
    return {
      error: `${place} refused the API key. An operator can replace it in the settings.`,
      isTooLong: false,
    }
  const { n_prompt_tokens: prompt, n_ctx: context, code, type } = objectIn(objectIn(json).error)
  const overflow = overflowIn(prompt, context)
  if (overflow) return { error: overflow, isTooLong: true }
  const message = messageIn(json) ?? `${place} answered with status ${status}`
  const failure = failureOf(message)
  return {
    ...failure,
    isTooLong: failure.isTooLong || tooLongCodes.has(code) || tooLongCodes.has(type),
  }
}

const tooLongCodes: ReadonlySet<Json | undefined> = new Set([
  'context_length_exceeded',
  'exceed_context_size_error',
])

/** Servers that have no code for it say so in words. */
const tooLongWords =
  /\bcontext (?:length|size|window)\b|ContextWindowExceeded|\bmaximum model length\b|`inputs` (?:must have less than|tokens \+)/i

/** The failure that a server told, with a hint where its cause is known. */
export function failureOf(message: string): Failure {
  const [, prompt, context] =
    /\((\d{1,12}) tokens\) exceeds the available context size \((\d{1,12}) tokens\)/.exec(
      message,
    ) ?? []
  const overflow = overflowIn(Number(prompt), Number(context))
  if (overflow) return { error: overflow, isTooLong: true }
  return { error: sentenceOf(message), isTooLong: tooLongWords.test(message) }
}

function sentenceOf(message: string): string {
  if (
    /image input is not supported|does not support (?:image|vision)|not a multimodal/i.test(message)
  )
    return 'This model takes no pictures.'
  if (/audio input is not supported|not support audio/i.test(message))
    return 'This model takes no audio.'
  // The name of an input stays as it is.
  const isNamed = /^\w+: /.test(message)
  const whole = isNamed ? message : `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}`
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`
}

function overflowIn(prompt: Json | undefined, context: Json | undefined): string | null {
  if (typeof prompt !== 'number' || typeof context !== 'number') return null
  if (Number.isNaN(prompt) || Number.isNaN(context)) return null
  return `This is ${counted(prompt)} tokens, and the model takes ${counted(context)}, with its answer. Shorten it, or begin a new conversation.`
}

function counted(tokens: number): string {
  return tokens.toLocaleString('en-US')
}
