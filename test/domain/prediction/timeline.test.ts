import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apply } from '../../../src/domain/prediction/apply.ts'
import {
  inPhaseMs,
  type Moments,
  stretchesOf,
  timelineOf,
  wasCold,
} from '../../../src/domain/prediction/durations.ts'
import type { Occurrence } from '../../../src/domain/prediction/event.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { predictionOf, start } from '../../support/domain.ts'

/** What happens to a prediction, each event after so many milliseconds. */
function happening(...events: readonly (readonly [ms: number, Occurrence])[]): Prediction {
  return events.reduce(
    (prediction, [ms, event]) => apply(prediction, { ...event, at: start + ms }),
    predictionOf(),
  )
}

const enter = (phase: 'queued' | 'pulling' | 'booting' | 'saving') =>
  ({ type: 'entered', phase }) as const

/** How long each part took, without those of a run that goes on. */
const parts = (moments: Moments) => timelineOf(moments).map(({ phase, ms }) => ({ phase, ms }))

describe('where the time of a prediction went', () => {
  it('is known by part, from asked to saved', () => {
    const whole = happening(
      [4_200, enter('pulling')],
      [16_600, enter('booting')],
      [46_400, { type: 'started' }],
      [55_000, enter('saving')],
      [56_100, { type: 'succeeded' }],
    )
    expect(parts(whole)).toEqual([
      { phase: 'queued', ms: 4_200 },
      { phase: 'pulling', ms: 12_400 },
      { phase: 'booting', ms: 29_800 },
      { phase: 'running', ms: 8_600 },
      { phase: 'saving', ms: 1_100 },
    ])
  })

  it('is waiting and running where nothing else was reported', () => {
    const warm = happening([20, { type: 'started' }], [50, { type: 'failed', error: 'No.' }])
    expect(parts(warm)).toEqual([
      { phase: 'queued', ms: 20 },
      { phase: 'running', ms: 30 },
    ])
  })

  it('adds up what was entered more than once', () => {
    const moved = happening(
      [10, enter('booting')],
      [30, enter('queued')],
      [70, enter('booting')],
      [150, { type: 'started' }],
      [200, { type: 'succeeded' }],
    )
    expect(parts(moved)).toEqual([
      { phase: 'queued', ms: 50 },
      { phase: 'booting', ms: 100 },
      { phase: 'running', ms: 50 },
    ])
  })

  it('has no run when the boot failed', () => {
    const broken = happening([10, enter('booting')], [50, { type: 'failed', error: 'No.' }])
    expect(timelineOf(broken)).toEqual([
      { phase: 'queued', ms: 10, grows: false, isDone: true },
      { phase: 'booting', ms: 40, grows: false, isDone: false },
    ])
  })

  it('goes on until the end, in the phase of now', () => {
    const running = happening([10, enter('booting')], [20, { type: 'started' }])
    expect(timelineOf(running)).toEqual([
      { phase: 'queued', ms: 10, grows: false, isDone: true },
      { phase: 'booting', ms: 10, grows: false, isDone: true },
      { phase: 'running', ms: 0, grows: true, isDone: false },
    ])
    expect(inPhaseMs(running, start + 50)).toBe(30)
    expect(inPhaseMs(running, start - 50)).toBe(0)
    expect(inPhaseMs(predictionOf(), start + 5)).toBe(5)
  })

  it('adds what goes on to its phase, and is drawn in the order in which it was', () => {
    const again = happening([10, enter('booting')], [30, enter('queued')], [70, enter('booting')])
    expect(stretchesOf(again)).toEqual([
      { phase: 'queued', from: 0, to: 10 },
      { phase: 'booting', from: 10, to: 30 },
      { phase: 'queued', from: 30, to: 70 },
      { phase: 'booting', from: 70, to: null },
    ])
    expect(timelineOf(again)).toEqual([
      { phase: 'queued', ms: 50, grows: false, isDone: true },
      { phase: 'booting', ms: 20, grows: true, isDone: false },
    ])
    expect(inPhaseMs(again, start + 100)).toBe(50)
  })

  it('is that of a cold model once it is pulled or boots, and stays so', () => {
    expect(wasCold(predictionOf())).toBe(false)
    expect(wasCold(happening([10, { type: 'started' }], [20, enter('saving')]))).toBe(false)
    const boots = [10, enter('booting')] as const
    expect(wasCold(happening(boots))).toBe(true)
    expect(wasCold(happening(boots, [20, { type: 'started' }], [30, { type: 'succeeded' }]))).toBe(
      true,
    )
  })

  it('forgets the boot that the end of the server interrupted', () => {
    const again = happening(
      [10, enter('booting')],
      [20, { type: 'interrupted', rerun: true }],
      [50, { type: 'started' }],
      [60, { type: 'succeeded' }],
    )
    expect(timelineOf(again).map(({ phase }) => phase)).toEqual(['queued', 'running'])
  })

  it('takes a boot before the run and saving during it only, and a bounded number of both', () => {
    const early = happening([10, enter('saving')])
    expect(early).toEqual(predictionOf())
    const late = happening([10, { type: 'started' }], [20, enter('booting')])
    expect(late.phases).toEqual([])
    const turns = Array.from({ length: 100 }, (_, at) => {
      return [at, enter(at % 2 === 0 ? 'booting' : 'queued')] as const
    })
    expect(happening(...turns).phases.length).toBeLessThan(50)
  })

  it('adds up to the time it took, however the clock was set', () => {
    const moment = fc.integer({ min: -5, max: 20 })
    const phase = fc.constantFrom('queued' as const, 'pulling' as const, 'booting' as const)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(moment, phase), { maxLength: 6 }),
        fc.option(moment),
        fc.option(moment),
        moment,
        (entered, begun, saved, end) => {
          const prediction = happening(
            ...entered.map(([at, one]) => [at, enter(one)] as const),
            ...(begun === null ? [] : ([[begun, { type: 'started' }]] as const)),
            ...(saved === null ? [] : ([[saved, enter('saving')]] as const)),
            [end, { type: 'canceled' }],
          )
          const sum = timelineOf(prediction).reduce((total, { ms }) => total + ms, 0)
          expect(sum).toBe(Math.max(0, end))
          expect(timelineOf(prediction).every(({ ms }) => ms > 0)).toBe(true)
        },
      ),
    )
  })
})
