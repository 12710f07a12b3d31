import type { InstanceChoices } from '../../src/domain/instance/choices.ts'
import { lastSetUpLog } from '../../src/domain/instance/set-up-log.ts'
import type {
  InstanceFailure,
  InstanceMemory,
  InstanceState,
} from '../../src/domain/instance/state.ts'
import { shortened } from '../../src/domain/json/excerpt.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { formatRoughly, Moment, plural } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { InstanceRow } from './instance-row.tsx'
import { SetUpLogs } from './set-up-logs.tsx'

export interface InstancesProps {
  readonly model: Model
  readonly instances: readonly (readonly [state: InstanceState, memory: InstanceMemory | null])[]
  /** Why those of the current version could not be started, the latest first. */
  readonly failures: readonly InstanceFailure[]
  readonly choices: InstanceChoices
  /** Whether `choices` says how many run at most. */
  readonly hasMost: boolean
  /** How many runs are at work, and how many wait. */
  readonly load: { readonly running: number; readonly waiting: number }
  /** Milliseconds since 1970. */
  readonly now: number
}

const columns = ['State', 'Where', 'Version', 'Up', 'Memory', 'Now']

/** The instances of a model as they are now, with what operators do with them. */
export function Instances(props: InstancesProps) {
  const { model, instances, failures, load, now } = props
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
        {isEmpty && ' None is started: the next run starts one.'}
      </p>
      {!isEmpty && (
        <form method='post' action={paths.modelInstances(model.ref)}>
          <ScrollTable label='Instances, table' columns={columns} actions='Actions'>
            {instances.map(([state, memory]) => (
              <InstanceRow {...{ model, state, memory, now }} />
            ))}
            {failure && <FailureRow failure={failure} count={failures.length} />}
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

function FailureRow({ failure, count }: FailureRowProps) {
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
      </td>
      <td>
        <button class='button bare' type='submit' name='press' value='try again'>
          Try again
        </button>
      </td>
    </tr>
  )
}
