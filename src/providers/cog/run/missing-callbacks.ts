import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import { unreachedSentence } from './callback-routes.ts'
import { tellToStop } from './cancel.ts'
import type { Report } from './container-prediction.ts'
import type { End, ListenOptions } from './follow.ts'

/** A container that works for so many looks and has posted nothing will post nothing. */
export const mostUnheard = 2

/** Says on the running panel what to set where nothing is shown of a run before its end. */
export function* unheard(
  looks: number,
  { way, container, run }: ListenOptions,
): Generator<Occurrence> {
  // A coglet is asked how far it is.
  if (looks !== mostUnheard || run.remote !== null || container.health()?.coglet) return
  if (way?.kind === 'own') container.hear('own', false)
  yield {
    type: 'progressed',
    progress: { label: `Its container works on this. ${unreachedSentence}` },
  }
}

/** An answer that is only posted never comes from what cannot post: it is asked anew, and waited for. */
export async function* unanswered(options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { way, container, tally } = options
  if (way) container.hear(way.kind, false)
  yield* tally.noted(
    `The container cannot reach ${way?.callbackUrl ?? 'this server'}: it is asked anew.`,
  )
  await tellToStop(options)
  return 'refused'
}

/**
 * What cannot reach us tries for minutes at the end of each run, and answers only then: it is not
 * asked to again. A coglet posts beside its work, so what is done at once proves nothing.
 */
export function* unreported(
  tookMs: number,
  { way, container, tally }: ListenOptions,
): Generator<Occurrence> {
  if (!way || (container.health()?.coglet && tookMs < unhurriedMs)) return
  container.hear(way.kind, false)
  if (way.kind === 'given')
    yield* tally.noted(
      'The container cannot reach SANDPIT_CALLBACK_URL, so what it makes is not shown as it is made.',
    )
}

const unhurriedMs = 2_000

/**
 * Whether a run failed because the container could not fetch its files from us: nothing was run, and
 * next time the files go along. The way by which it could not is known from then on.
 */
export function couldNotFetch(report: Report, { way, container, run }: ListenOptions): boolean {
  if (way?.kind !== 'given' || report.ended !== 'badly' || run.files.length === 0) return false
  const { host } = new URL(way.callbackUrl)
  const ofNetwork =
    report.error.includes(host) ||
    /urlopen error|connection refused|name or service not known|max retries|error sending request/i.test(
      report.error,
    )
  if (ofNetwork) container.hear('given', false)
  return ofNetwork
}
