import type { GroupMember, RunGroup } from '../../src/domain/group/group.ts'
import { hasEndedInVain, isSettled } from '../../src/domain/prediction/prediction.ts'
import { usePaths } from '../site.ts'
import type { ShownCell } from './group-cell.tsx'

const formId = 'runs'

/** What is offered at each run of a group. */
export interface RunOffers {
  /** To cancel it, or to run it again. */
  readonly change: boolean
  /** To choose it, and another one to compare it with. */
  readonly compare: boolean
}

interface RunsFormProps {
  readonly group: RunGroup
  /** The place with which the table on the page begins. */
  readonly from: number
}

/** The form of all buttons on cells: they stand where there can be none of their own. */
export function RunsForm({ group, from }: RunsFormProps) {
  return (
    <form id={formId} method='post' action={usePaths().groupRuns(group.id)}>
      {from > 0 && <input type='hidden' name='from' value={from} />}
    </form>
  )
}

interface AgainProps {
  /** How many did not succeed. */
  readonly count: number
  /** Whether those that were not started go on with them. */
  readonly withRest: boolean
}

/** Runs all again that did not succeed. */
export function AgainButton({ count, withRest }: AgainProps) {
  const runs = count === 1 ? 'the failed run' : `the ${count} failed runs`
  return (
    <button class='button' type='submit' form={formId} name='again' value='all'>
      Run {withRest && 'the rest and '}
      {runs} again
    </button>
  )
}

interface CellButtonProps {
  readonly run: GroupMember
  /** What the run was made with. */
  readonly label: string
}

/** What is offered at a cell: to cancel it or run it again, and to choose it. */
export function CellButtons({
  run,
  label,
  offers,
}: CellButtonProps & { readonly offers: RunOffers }) {
  return (
    <>
      {offers.compare && isSettled(run) && <CompareBox run={run} label={label} />}
      {offers.change && <ChangeButton run={run} label={label} />}
    </>
  )
}

function ChangeButton({ run, label }: CellButtonProps) {
  const { place } = run.group
  if (hasEndedInVain(run))
    return <RunsButton name='again' places={[place]} label={`Run again: ${label}`} text='↻' />
  if (isSettled(run)) return null
  return <RunsButton name='cancel' places={[place]} label={`Cancel: ${label}`} text='×' />
}

interface ColumnButtonsProps {
  readonly cells: readonly (ShownCell | undefined)[]
  readonly label: string
}

/** The same for all cells of a column of a grid. */
export function ColumnButtons({ cells, label }: ColumnButtonsProps) {
  const runs = cells.flatMap((cell) => (cell?.kind === 'run' ? [cell.run] : []))
  const placesOf = (some: (run: GroupMember) => boolean) =>
    runs.filter(some).map(({ group }) => group.place)
  const again = placesOf(hasEndedInVain)
  const unsettled = placesOf((run) => !isSettled(run))
  return (
    <>
      {again.length > 0 && (
        <RunsButton
          name='again'
          places={again}
          label={`Run the ${again.length} failed of ${label} again`}
          text={`↻ ${again.length}`}
        />
      )}
      {unsettled.length > 0 && (
        <RunsButton name='cancel' places={unsettled} label={`Cancel all of ${label}`} text='×' />
      )}
    </>
  )
}

interface RunsButtonProps {
  readonly name: 'again' | 'cancel'
  readonly places: readonly number[]
  readonly label: string
  readonly text: string
}

/** A button for the runs at some places. */
export function RunsButton({ name, places, label, text }: RunsButtonProps) {
  return (
    <button
      class='button bare'
      type='submit'
      form={formId}
      name={name}
      value={places.join(' ')}
      aria-label={label === text ? undefined : label}
      title={label === text ? undefined : label}
    >
      {text}
    </button>
  )
}

/** Chooses a run to compare it with another. */
export function CompareBox({ run, label }: CellButtonProps) {
  return (
    <label class='check'>
      <input
        type='checkbox'
        form={formId}
        name='id'
        value={run.id}
        aria-label={`Select ${label}`}
      />
    </label>
  )
}

/** Shows the differences of two runs that were chosen. */
export function CompareButton() {
  return (
    <button
      class='button'
      type='submit'
      form={formId}
      formmethod='get'
      formaction={usePaths().comparison()}
    >
      What differs
    </button>
  )
}
