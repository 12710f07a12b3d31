import type { Occurrence } from '../../../domain/prediction/prediction.ts'
import type { Channel } from '../../channel.ts'
import type { Run } from '../../provider.ts'
import type { LargeOutput } from '../../response-reader.ts'
import type { Wire } from '../container-client.ts'
import type { Container } from '../containers/container.ts'
import type { CogLimits } from '../limits.ts'
import type { ChosenWay } from './callback-routes.ts'
import { cancelUpstream } from './cancel.ts'
import { adrift, leave, lost, rawOf } from './connection-loss.ts'
import { type Report, readReport } from './container-prediction.ts'
import { couldNotFetch, mostUnheard, unanswered, unheard, unreported } from './missing-callbacks.ts'
import { ended, told, unfinished } from './outcome.ts'
import type { Tally } from './reporter.ts'
import type { Heard } from './send.ts'
import type { createVigil } from './watchdog.ts'

export interface ListenOptions {
  readonly run: Run
  readonly container: Container
  /** The run's own address at the container. */
  readonly url: string
  readonly wire: Wire
  readonly limits: CogLimits
  readonly channel: Channel<Heard>
  readonly tally: Tally
  readonly vigil: ReturnType<typeof createVigil>
  /** By which the container was asked to post what happens; null when it was not. */
  readonly way: ChosenWay | null
  /** Whether it was asked to post the end, too. */
  readonly reports: boolean
  /** Whether the container answers at once, and posts the end. */
  readonly isAsync: boolean
  /** Whether an answer may still come by the connection, how much of it has, and whether that is all. */
  readonly connection: { open: boolean; bytes: number; reading: boolean }
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * `over`: the end was reported. `refused`: the container does not take it now. `left`: the server
 * stops, and the container goes on.
 */
export type End = 'over' | 'refused' | 'left'

/** An end that is known is not kept back for the sake of an answer for more looks than this. */
const mostSilent = 3

/** Reports what is heard of a run until it ends, in whichever way. */
export async function* listen(options: ListenOptions): AsyncGenerator<Occurrence, End> {
  const { run, channel, tally, connection } = options
  if (!connection.open) {
    const end = yield* adrift(options)
    if (end) return end
  }
  let bytes = 0
  let posted = false
  let silent = 0
  let looks = 0
  const since = options.now()
  /** How it ended, by a webhook: the answer is about to say the same. */
  let last: { readonly report: Report; readonly large: LargeOutput | null } | null = null
  while (true) {
    const heard = await channel.next()
    switch (heard.type) {
      case 'answered': {
        if (options.isAsync && heard.status === 202) {
          connection.open = false
          connection.reading = false
          if (last) return yield* ended(last.report, options, last.large)
          break
        }
        const report = heard.status === 200 ? readReport(heard.json) : null
        if (!report?.ended) return yield* unfinished(heard, options)
        if (!posted) yield* unreported(options.now() - since, options)
        if (!posted && couldNotFetch(report, options)) return 'refused'
        return yield* ended(report, options, heard.large)
      }
      case 'reported':
        if (heard.posted && !posted && options.way) options.container.hear(options.way.kind, true)
        posted ||= heard.posted
        if (!heard.report.ended) yield* told(heard.report, options)
        else if (connection.open) last = heard
        else return yield* ended(heard.report, options, heard.large)
        break
      case 'item':
        yield* tally.item(heard.index, heard.value)
        break
      case 'printed':
        yield* tally.printed(heard.text)
        break
      case 'measured':
        yield { type: 'measured', metrics: { [heard.name]: heard.value } }
        break
      case 'cut': {
        connection.open = false
        if (last) return yield* ended(last.report, options, last.large)
        if (!heard.error.sent) return 'refused'
        yield* tally.noted(`${options.container.origin}: ${rawOf(heard.error)}`)
        const end = yield* adrift(options, heard.error.message)
        if (end) return end
        break
      }
      case 'looked': {
        if (!posted && heard.health.condition === 'busy') yield* unheard(++looks, options)
        if (!posted && looks > mostUnheard && options.isAsync) return yield* unanswered(options)
        const arriving = connection.bytes > bytes
        bytes = connection.bytes
        if (last && !arriving) silent++
        // It may be busy with telling that it has ended.
        if (last && (silent > mostSilent || (silent > 0 && heard.health.condition !== 'busy')))
          return yield* ended(last.report, options, last.large)
        // All of the answer is here: however the container is now, it is about to be heard.
        if (connection.reading) break
        const loss = options.vigil.loss(heard, { connected: connection.open, arriving })
        if (loss) return yield* lost(loss, options)
        break
      }
      case 'aborted':
        if (run.signal.reason === 'stopped') return await leave(options)
        void cancelUpstream(options)
        break
      case 'not canceled':
        yield* tally.noted(
          'The container cannot cancel this run, so it continues until it is finished.',
        )
        break
      case 'out of grace':
        yield* tally.noted('The container did not stop when it was asked to.')
        return 'over'
    }
  }
}
