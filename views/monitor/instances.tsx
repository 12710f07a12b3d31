import type { PropsWithChildren } from 'hono/jsx'
import type { InstanceChoices } from '../../src/domain/instance/choices.ts'
import { lastSetUpLog } from '../../src/domain/instance/set-up-log.ts'
import type {
  InstanceFailure,
  InstanceMemory,
  InstanceState,
  NextTry,
} from '../../src/domain/instance/state.ts'
import { shortened } from '../../src/domain/json/excerpt.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { formatRoughly, formatWholeSeconds, Moment, plural } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { InstanceRow } from './instance-row.tsx'
import { SetUpLogs } from './set-up-logs.tsx'

export interface InstancesProps {
  readonly model: Model
  readonly instances: readonly (readonly [state: InstanceState, memory: InstanceMemory | null])[]
  /** Why those of the current version could not be started, the latest first. */
  readonly failures: readonly InstanceFailure[]
  /** Null when nothing puts it off. */
  readonly nextTry: NextTry | null
  readonly choices: InstanceChoices
  /** Whether `choices` says how many run at most. */
  readonly hasMost: boolean
  /** How many runs are at work, and how many wait. */
  readonly load: { readonly running: number; readonly waiting: number }
  /** Milliseconds since 1970. */
  readonly now: number
}

const noneYet = ' None is started yet: the pages of these runs say what they wait for.'

const columns = ['State', 'Where', 'Version', 'Up', 'Memory', 'Now']

/** The instances of a model as they are now, with what operators do with them. */
export function Instances(props: InstancesProps) {
  const { model, instances, failures, nextTry, load, now } = props
  const paths = usePaths()
  const log = lastSetUpLog(
    instances.map(([state]) => state),
    failures,
  )
  const [failure] = failures
  const isEmpty = instances.length === 0 && !failure
  return (
    <>
      <header class='section-head'>
        <h2 id='instances'>Instances</h2>
        <p>{summary(props)}</p>
      </header>
      <p class='field-note'>
        {plural(load.running, 'run')} at work, {load.waiting.toLocaleString('en-GB')} waiting.
        {isEmpty && (isAwaited(load) ? noneYet : ' None is started: the next run starts one.')}
      </p>
      {!isEmpty && (
        <form method='post' action={paths.modelInstances(model.ref)}>
          <ScrollTable label='Instances, table' columns={columns} actions='Actions'>
            {instances.map(([state, memory]) => (
              <InstanceRow {...{ model, state, memory, now }} />
            ))}
            {failure && (
              <FailureRow failure={failure} count={failures.length}>
                {nextTry && <NextTryNote {...nextTry} isAwaited={isAwaited(load)} now={now} />}
              </FailureRow>
            )}
          </ScrollTable>
        </form>
      )}
      {log && <SetUpLogs log={log} href={paths.modelSetUpLog(model.ref)} />}
    </>
  )
}

function summary({ choices, hasMost }: InstancesProps): string {
  const { min, max, idleMs } = choices
  const many = hasMost ? `${min} to ${max}` : `${min} kept ready`
  return `${many}, stopped after ${formatRoughly(idleMs)} without work`
}

interface FailureRowProps {
  readonly failure: InstanceFailure
  /** How many failed since one was ready, as far as they are kept. */
  readonly count: number
}

function FailureRow({ failure, count, children }: PropsWithChildren<FailureRowProps>) {
  return (
    <tr>
      <td>
        <span class='status' data-status='failed'>
          Failed
        </span>
      </td>
      <td colspan={5}>
        {shortened(failure.sentence, 300)} <Moment at={failure.at} shows='both' />
        {count > 1 && `, ${count} times in a row`}
        {children}
      </td>
      <td>
        <button class='button bare' type='submit' name='press' value='try again'>
          Try again
        </button>
      </td>
    </tr>
  )
}

interface NextTryProps extends NextTry {
  /** Whether a run waits for it. */
  readonly isAwaited: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** When the next one is started. It goes on by itself as the list is fetched again. */
function NextTryNote({ at, isKept, isAwaited, now }: NextTryProps) {
  return (
    <>
      , next try in{' '}
      <time datetime={new Date(at).toISOString()}>{formatWholeSeconds((at - now) / 1000)}</time>
      {!isKept && !isAwaited && ' at the earliest'}
    </>
  )
}

function isAwaited({ running, waiting }: InstancesProps['load']): boolean {
  return running + waiting > 0
}
