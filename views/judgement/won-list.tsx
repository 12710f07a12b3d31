import type { GroupMember, RunGroup } from '../../src/domain/group/group.ts'
import { winRate } from '../../src/domain/judgement/win-rate.ts'
import { usePaths } from '../site.ts'
import { placeLabel } from './place-label.ts'

/** How often each prediction was chosen, of how many choices, by id. */
export type Tally = ReadonlyMap<string, { readonly won: number; readonly of: number }>

interface WonListProps {
  readonly group: RunGroup
  readonly runs: readonly GroupMember[]
  readonly tally: Tally
}

/** The runs of a group by how often they were chosen, the best first. */
export function WonList({ group, runs, tally }: WonListProps) {
  const paths = usePaths()
  const rows = runs.flatMap((run) => {
    const { won, of } = tally.get(run.id) ?? { won: 0, of: 0 }
    const rate = winRate(won, of)
    return rate ? [{ run, won, of, rate }] : []
  })
  rows.sort((a, b) => b.rate.rate - a.rate.rate || b.of - a.of)
  if (rows.length === 0) return <p class='field-note'>Nothing was chosen yet.</p>
  return (
    <dl class='given'>
      {rows.map(({ run, won, of, rate }, at) => (
        <div>
          <dt>
            <a href={paths.prediction(run.id)}>
              {placeLabel(group, { model: run.model, place: run.group.place })}
            </a>
          </dt>
          <dd>
            {won} of {of} won, <Percent {...rate} /> {at === 0 && won > 0 && <Best />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Best() {
  return <span class='tag'>best</span>
}

interface PercentProps {
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** A rate and its interval, in percent. */
export function Percent({ rate, low, high }: PercentProps) {
  const [shown, from, to] = [rate, low, high].map((part) => Math.round(part * 100))
  return (
    <>
      {shown} %{' '}
      <small class='field-note'>
        {from} to {to}
      </small>
    </>
  )
}
