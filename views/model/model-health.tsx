import { tailOf } from '../../src/domain/json/excerpt.ts'
import type { ModelHealth } from '../../src/domain/model/model.ts'
import { formatClock } from '../format.tsx'
import { warmthNames } from './model-head.tsx'

/** The health of a model when its page is rendered. */
export interface ShownHealth extends ModelHealth {
  /** Seconds since it began to boot; null when it is not booting, or the start is not known. */
  readonly elapsed: number | null
}

/** The end of a long log is shown, up to so many bytes of a page. */
const mostBytes = 16 * 1024

/** The status of a model’s instances and its setup logs. Renders nothing when there is nothing to note. */
export function ModelHealthNote({ elapsed, note, logs, instances = [] }: ShownHealth) {
  if (elapsed === null && note === null && logs === '' && instances.length === 0) return null
  return (
    <section class='health' aria-label='Model status'>
      <p>
        {elapsed !== null && (
          <>
            Starting for{' '}
            <span class='mono' data-elapsed={elapsed}>
              {formatClock(elapsed)}
            </span>
            .{' '}
          </>
        )}
        {note}
      </p>
      {instances.length > 0 && (
        <ul class='facts' aria-label='Containers'>
          {instances.map((instance) => (
            <li>
              <span class='warmth' data-state={instance.warmth}>
                {warmthNames[instance.warmth]}
              </span>{' '}
              <span class='mono'>{instance.name}</span>
              {instance.note !== null && instance.note !== note && <> {instance.note}</>}
            </li>
          ))}
        </ul>
      )}
      {logs !== '' && (
        <details class='logs'>
          <summary>Setup logs</summary>
          <pre tabindex={0} role='region' aria-label='Setup logs'>
            {tailOf(logs, mostBytes)}
          </pre>
        </details>
      )}
    </section>
  )
}
