import type { Occurrence } from '../../domain/prediction.ts'
import type { ListenOptions } from './listen.ts'
import type { Report } from './reply.ts'
import { unreachedSentence } from './ways.ts'

/** A container that works for so many looks and has posted nothing will post nothing. */
const mostLooks = 2

/** Says on the running panel what to set where nothing is shown of a run before its end. */
export function* unheard(
  looks: number,
  { way, container, run }: ListenOptions,
): Generator<Occurrence> {
  // A coglet is asked how far it is.
  if (looks !== mostLooks || run.remote !== null || container.health()?.coglet) return
  if (way?.kind === 'own') container.hear('own', false)
  yield {
    type: 'progressed',
    progress: { label: `Its container works on this. ${unreachedSentence}` },
  }
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
