import { plural } from '../format.tsx'

export interface SweepCountProps {
  /** How many runs the form makes; null when its values are not valid. */
  readonly cells: number | null
  /** Why they are not. */
  readonly problem: string | null
  /** How long they take: `about 2 min`; empty when that is not known. */
  readonly takes: string
}

/** The number of runs beside Run. The form sends it, so that the server knows what was said. */
export function SweepCount({ cells, problem, takes }: SweepCountProps) {
  return (
    <span id='sweep-count' role='status'>
      {cells === null ? problem : plural(cells, 'run')}
      {cells !== null && takes !== '' && `, ${takes} in all`}
      <input type='hidden' name='runs' value={cells ?? ''} />
    </span>
  )
}
