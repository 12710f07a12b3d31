import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RunContext } from 'sandpit/model'
import type { Stage } from './stages.ts'

/** Longest that the process works without hearing of anything, in milliseconds. */
const mostBusyMs = 25

export type Pace = ReturnType<typeof createPace>

/** Says how far the drawing is, and lets it be canceled between two rows. */
export function createPace(stages: readonly Stage[], { progress, signal }: RunContext) {
  const all = stages.reduce((points, stage) => points + stage.side * pointsInRow(stage), 0)
  const begun = performance.now()
  let heard = begun
  let done = 0

  return async function rowDone(stage: Stage, row: number): Promise<void> {
    done += pointsInRow(stage)
    const now = performance.now()
    if (now - heard < mostBusyMs && row < stage.side) return
    const fraction = done / all
    const eta = ((now - begun) / 1000) * (1 / fraction - 1)
    progress({ fraction, label: `${stage.label}: row ${row} of ${stage.side}`, eta })
    await nextTurn(undefined, { signal })
    heard = performance.now()
  }
}

function pointsInRow({ side, samples }: Stage): number {
  return side * samples ** 2
}
