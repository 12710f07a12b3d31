import { isDetailed, type TimelinePart } from '../../src/domain/prediction/durations.ts'
import { formatMs } from '../format.tsx'

type Phase = TimelinePart['phase']

const words: Readonly<Record<Phase, string>> = {
  queued: 'Queued',
  pulling: 'Pulled',
  booting: 'Booted',
  running: 'Ran',
  saving: 'Saved',
}

/** How each part is filled; what is queued is left empty. */
const fills: Readonly<Record<Phase, object>> = {
  queued: { fill: 'none' },
  pulling: { fill: 'currentColor', 'fill-opacity': '.3' },
  booting: { fill: 'currentColor', 'fill-opacity': '.65' },
  running: { fill: 'var(--sand)' },
  saving: { fill: 'var(--ink)' },
}

interface TimelineProps {
  readonly parts: readonly TimelinePart[]
}

/** Where the time of a prediction went, as a bar with a legend. */
export function Timeline({ parts }: TimelineProps) {
  return (
    <>
      <div class='timing'>
        <TimelineBar parts={parts} />
      </div>
      <dl class='metrics'>
        {parts.map(({ phase, ms }) => (
          <div>
            <dt>
              <svg width='12' viewBox='0 0 12 12' aria-hidden='true' focusable='false'>
                <path {...fills[phase]} stroke='var(--ink)' d='M.5.5h11v11H.5z' />
              </svg>
              {words[phase]}
            </dt>
            <dd>{formatMs(ms)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

const width = 1000

/** The same without a legend. */
export function TimelineBar({ parts }: TimelineProps) {
  const total = parts.reduce((sum, { ms }) => sum + ms, 0)
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, { ms }) => sum + ms, 0))
  const at = (ms: number) => Math.round((width * ms) / Math.max(total, 1))
  // Without details, the wait may have been for more than the queue.
  const names = isDetailed(parts) ? words : { ...words, queued: 'Waited' }
  const label = parts.map(({ phase, ms }) => `${names[phase]} ${formatMs(ms)}`).join(', ')
  return (
    <svg viewBox={`0 0 ${width} 10`} preserveAspectRatio='none' role='img' aria-label={label}>
      {parts.map(({ phase, ms }, index) => {
        const from = starts[index] ?? 0
        return <path {...fills[phase]} d={`M${at(from)} 0H${at(from + ms)}v10H${at(from)}z`} />
      })}
    </svg>
  )
}
