import type { Model } from '../../domain/model/model.ts'
import { quotaAdvice, quotaHeading, secondsUntil } from '../../domain/people/quota-words.ts'
import type { Exceeded } from '../../domain/people/usage.ts'
import { lacksSecrets } from '../../domain/schema/secrets.ts'
import type { Started } from '../../runner/acceptance.ts'
import { refusals, runRetrySeconds } from '../refusals.ts'
import type { FormState, RunInput } from './prediction-form.tsx'
import type { SubmittedForm } from './submission.ts'

type RefusedRun = Extract<Started, { ok: false }>

/** Why the runner did not take a run of somebody whom operators may give more. */
export function notStarted(refused: RefusedRun, now: number): Omit<FormState, 'form'> {
  const { advice, ...state } = notStartedEmbedded(refused, now)
  return advice ? { ...state, advice: `${advice} An operator can give you more.` } : state
}

/** The same of a visitor of another page, who knows no operator. */
export function notStartedEmbedded(refused: RefusedRun, now: number): Omit<FormState, 'form'> {
  if (refused.reason === 'quota') return overQuota(refused.exceeded, now)
  const status = refused.reason === 'no space' ? 507 : 503
  return { status, problem: refusals.notStarted[refused.reason] }
}

function overQuota(exceeded: Exceeded, now: number): Omit<FormState, 'form'> {
  const { until } = exceeded
  return {
    status: 429,
    problem: quotaHeading(exceeded),
    advice: quotaAdvice(exceeded, now),
    retryAfter: until === null ? runRetrySeconds : secondsUntil(until, now),
  }
}

interface Sent extends SubmittedForm {
  readonly input: RunInput['input']
}

/** Why inputs that are valid are not run; null when they are. */
export function whyNotRun(
  model: Model,
  { version, input }: Sent,
): Pick<FormState, 'status' | 'problem'> | null {
  if (lacksSecrets(model.version.schema, input))
    return { status: 422, problem: 'Secrets are not saved. Enter them again, then press Run.' }
  if (model.broken !== null || version !== model.version.id)
    return {
      status: 409,
      problem:
        'The model has changed since this form was opened. Check the inputs, then press Run.',
    }
  return null
}
