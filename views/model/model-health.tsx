import { tailOf } from '../../src/domain/json/excerpt.ts'
import type { ModelHealth } from '../../src/domain/model/model.ts'
import { formatClock } from '../format.ts'
import { warmthNames } from './model-head.tsx'

/** The health of a model at the moment of a page. */
export interface ShownHealth extends ModelHealth {
  /** Seconds since it began to boot; null when it does not, or nobody knows. */
  readonly elapsed: number | null
}

/** The last of a long log is what says how it went. In bytes of a page. */
const mostBytes = 16 * 1024

/** Why a model is not simply warm, and what its set-up says. Nothing for a model that is. */
export function ModelHealthNote({ elapsed, note, logs, places = [] }: ShownHealth) {
  if (elapsed === null && note === null && logs === '' && places.length === 0) return null
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
      {places.length > 0 && (
        <ul class='facts' aria-label='Containers'>
          {places.map((place) => (
            <li>
              <span class='warmth' data-state={place.warmth}>
                {warmthNames[place.warmth]}
              </span>{' '}
              <span class='mono'>{place.name}</span>
              {place.note !== null && place.note !== note && <> {place.note}</>}
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
