import {
  isDetailed,
  type Moments,
  type Stretch,
  stretchesOf,
  type TimedPhase,
  type TimelinePart,
  timelineOf,
} from '../../src/domain/prediction/durations.ts'
import { formatMs } from '../format.tsx'
import type { PanelLive } from './prediction-panel.tsx'

const words: Readonly<Record<TimedPhase, string>> = {
  queued: 'Queued',
  pulling: 'Pulled',
  booting: 'Booted',
  running: 'Ran',
  saving: 'Saved',
}

/** Of one that is not done. */
const unfinishedWords: Readonly<Record<TimedPhase, string>> = {
  queued: 'Queued',
  pulling: 'Pulling',
  booting: 'Booting',
  running: 'Running',
  saving: 'Saving',
}

/** How each part is filled; what is queued is left empty. */
const fills: Readonly<Record<TimedPhase, object>> = {
  queued: { fill: 'none' },
  pulling: { fill: 'currentColor', 'fill-opacity': '.3' },
  booting: { fill: 'currentColor', 'fill-opacity': '.65' },
  running: { fill: 'var(--sand)' },
  saving: { fill: 'var(--ink)' },
}

interface TimelineProps {
  readonly of: Moments
  /** Of one that has not settled; it is not looked at otherwise. */
  readonly live?: PanelLive | undefined
}

/** Where the time of a prediction went, as a bar with a legend. The last part grows until it has settled. */
export function Timeline({ of, live }: TimelineProps) {
  return (
    <div>
      <div class='timing'>
        <TimelineBar of={of} live={live} />
      </div>
      <dl class='metrics'>
        {timelineOf(of).map((part) => (
          <div>
            <dt>
              <svg width='12' viewBox='0 0 12 12' aria-hidden='true' focusable='false'>
                <path {...fills[part.phase]} stroke='var(--ink)' d='M.5.5h11v11H.5z' />
              </svg>
              {wordOf(part)}
            </dt>
            {part.grows ? (
              <dd data-elapsed={live?.inPhase}>{live?.phaseClock}</dd>
            ) : (
              <dd>{formatMs(part.ms)}</dd>
            )}
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The same without a legend. */
export function TimelineBar({ of, live }: TimelineProps) {
  const stretches = stretchesOf(of)
  const parts = timelineOf(of)
  // In seconds, so that what is over stays as it is drawn while the whole grows.
  const width = of.completedAt === null ? live?.elapsed : (stretches.at(-1)?.to ?? 0) / 1000
  const label = parts.map((part) => `${wordOf(part, isDetailed(parts))} ${tookOf(part, live)}`)
  return (
    <svg
      viewBox={`0 0 ${width} 10`}
      preserveAspectRatio='none'
      role='img'
      aria-label={label.join(', ')}
    >
      {stretches.map((stretch) => (
        <rect
          {...fills[stretch.phase]}
          x={stretch.from / 1000}
          width={widthOf(stretch)}
          height='10'
        />
      ))}
    </svg>
  )
}

/** One that goes on reaches past the end of the picture. */
function widthOf({ from, to }: Stretch): number | string {
  return to === null ? '100%' : (to - from) / 1000
}

/** Without details, the wait may have been for more than the queue. */
function wordOf({ phase, isDone }: TimelinePart, detailed = true): string {
  if (!detailed && phase === 'queued') return 'Waited'
  return (isDone ? words : unfinishedWords)[phase]
}

function tookOf({ ms, grows }: TimelinePart, live: PanelLive | undefined): string {
  return grows ? `${live?.phaseClock} so far` : formatMs(ms)
}
