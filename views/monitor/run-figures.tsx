import type { Child } from 'hono/jsx'
import { percentile } from '../../src/domain/statistics/durations.ts'
import { successRate, type TimedCounts, together } from '../../src/domain/statistics/run-counts.ts'
import { formatMs, Moment, plural } from '../format.tsx'
import { BarChart, LineChart } from './chart.tsx'

export interface RunFiguresProps {
  readonly span: 'day' | 'month'
  /** Without gaps, in order. */
  readonly times: readonly TimedCounts[]
}

/** How many runs of a model there were, how they ended, and how long they waited and ran. */
export function RunFigures({ span, times }: RunFiguresProps) {
  const all = together(times)
  const { succeeded, failed, canceled } = all.ends
  const runs = succeeded + failed + canceled
  if (runs === 0)
    return <p class='field-note'>No run ended in this time. Runs are counted as they end.</p>
  const rate = successRate(all)
  const figures = [
    ['Runs', runs.toLocaleString('en')],
    ['Succeeded', rate === null ? '–' : `${(100 * rate).toFixed(1)} %`],
    ['Waited, p50', duration(percentile(all.waited, 0.5))],
    ['Waited, p95', duration(percentile(all.waited, 0.95))],
    ['Ran, p50', duration(percentile(all.ran, 0.5))],
    ['Ran, p95', duration(percentile(all.ran, 0.95))],
  ] as const
  const bars = times.map(({ ends }) => ({
    well: ends.succeeded + ends.canceled,
    failed: ends.failed,
  }))
  const most = Math.max(...bars.map((bar) => bar.well + bar.failed))
  const each = span === 'day' ? 'an hour' : 'a day'
  const [first] = times
  const from = first && <Moment at={first.at} shows={span === 'day' ? 'time' : 'day'} />
  return (
    <>
      <dl class='metrics'>
        {figures.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class='models-grid'>
        <BarChart
          caption={`Runs ${each}, at most ${most.toLocaleString('en')}`}
          label={`Runs ${each}: ${plural(runs, 'run')} in all, at most ${most}, ${failed} failed`}
          {...{ bars, from }}
        />
        <DurationChart what='How long a run takes' times={times} part='ran' from={from} />
        <DurationChart what='How long people wait' times={times} part='waited' from={from} />
      </div>
    </>
  )
}

interface DurationChartProps {
  readonly what: string
  readonly times: readonly TimedCounts[]
  readonly part: 'ran' | 'waited'
  readonly from: Child
}

function DurationChart({ what, times, part, from }: DurationChartProps) {
  const shareOf = (share: number) => times.map((one) => percentile(one[part], share))
  const usual = shareOf(0.5)
  const long = shareOf(0.95)
  const most = Math.max(0, ...long.map((value) => value ?? 0))
  const isMeasured = long.some((value) => value !== null)
  const caption = isMeasured
    ? `${what}, at most ${duration(most)}`
    : `${what}: nothing was measured`
  const lines = ': half of them (line) and 95 of 100 (dashes) take no longer'
  const label = isMeasured ? `${caption}${lines}` : caption
  return <LineChart {...{ caption, label, usual, long, from }} />
}

/** Off by a tenth at most, so no more than two digits are shown. */
function duration(ms: number | null): string {
  if (ms === null) return '–'
  return formatMs(Number(ms.toPrecision(2)))
}
