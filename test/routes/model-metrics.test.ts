import { describe, expect, it } from 'vitest'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import { createRunsByModel, mostModels } from '../../src/routes/metrics/by-model.ts'
import { addDuration, histogramText, noDurations } from '../../src/routes/metrics/durations.ts'
import { predictionOf, start } from '../support/domain.ts'

function counting(isPrivate: (ref: ModelRef) => boolean = () => false) {
  const counts = createRunsByModel(isPrivate)
  return {
    ended(name: string, status: 'succeeded' | 'failed' = 'succeeded') {
      const times = { startedAt: start + 200, completedAt: start + 3_200 }
      counts.ended(predictionOf({ model: { owner: 'ann', name }, ...times, status }))
    },
    totals: () =>
      [...counts.byLabel()].map(([label, { ends, waited, ran }]) => {
        const total = (counted: readonly number[]) => counted.reduce((sum, one) => sum + one, 0)
        return [label, Object.fromEntries(ends), total(waited.counts), total(ran.counts)]
      }),
  }
}

describe('the runs of models in metrics', () => {
  it('are counted by status, and timed: how long those waited that began, and those ran that succeeded', () => {
    const { ended, totals } = counting()
    ended('lantern')
    ended('lantern', 'failed')
    ended('kite')
    expect(totals()).toEqual([
      ['ann/lantern', { succeeded: 1, failed: 1 }, 2, 1],
      ['ann/kite', { succeeded: 1 }, 1, 1],
    ])
  })

  it('have a bounded number of labels', () => {
    const { ended, totals } = counting()
    for (let at = 0; at < mostModels + 20; at++) ended(`model-${at}`)
    ended('model-0')
    expect(totals()).toHaveLength(mostModels + 1)
    expect(totals()[0]).toEqual(['ann/model-0', { succeeded: 2 }, 2, 2])
    expect(totals().at(-1)).toEqual(['other', { succeeded: 20 }, 20, 20])
  })

  it('name no private model, not even one that is gone', () => {
    const hidden = new Set(['a', 'b'])
    const { ended, totals } = counting(({ name }) => hidden.has(name))
    for (const name of ['a', 'b', 'c']) ended(name)
    hidden.clear()
    hidden.add('c')
    expect(totals()).toEqual([['private', { succeeded: 3 }, 3, 3]])
  })
})

it('writes a histogram as Prometheus reads it', () => {
  const durations = noDurations()
  for (const ms of [50, 100, 7_000, 4_000_000]) addDuration(durations, ms)
  const lines = histogramText({ name: 'x', help: 'X.' }, new Map([['ann/a', durations]])).split(
    '\n',
  )
  expect(lines.slice(0, 3)).toEqual([
    '# HELP x X.',
    '# TYPE x histogram',
    'x_bucket{le="0.1",model="ann/a"} 2',
  ])
  expect(lines).toContain('x_bucket{le="10",model="ann/a"} 3')
  expect(lines.slice(-5)).toEqual([
    'x_bucket{le="1800",model="ann/a"} 3',
    'x_bucket{le="+Inf",model="ann/a"} 4',
    'x_sum{model="ann/a"} 4007.15',
    'x_count{model="ann/a"} 4',
    '',
  ])
})
