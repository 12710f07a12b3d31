import { describe, expect, it } from 'vitest'
import { apply } from '../../../src/domain/prediction/apply.ts'
import type { Occurrence } from '../../../src/domain/prediction/event.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { createOccurrenceFilter } from '../../../src/runner/run/occurrence-filter.ts'
import { predictionOf, start } from '../../support/domain.ts'

/** The prediction after its provider reported these occurrences. */
function become(occurrences: readonly Occurrence[], secrets: readonly string[] = []): Prediction {
  const filter = createOccurrenceFilter(secrets)
  const heard = [...occurrences.flatMap((one) => filter.push(one)), ...filter.end()]
  return heard.reduce((now, one) => apply(now, { ...one, at: start }), predictionOf())
}

const log = (offset: number, text: string): Occurrence => ({ type: 'logged', offset, text })
const seen = (logs: string): Occurrence => ({ type: 'observed', output: null, logs })
const bar = (done: number, label = '') =>
  `\r${label}${2 * done}%|██ | ${done}/50 [00:03<00:04, 6.9it/s]`

describe('logs in pieces', () => {
  it('come whole, also when some come again', () => {
    const said = [log(0, 'one '), log(0, 'one two '), log(4, 'two three')]
    expect(become(said).logs).toBe('one two three')
    expect(become(said, ['nothing like it']).logs).toBe('one two three')
  })

  it('lose secrets, also when some come again', () => {
    const said = [log(0, 'a hunt'), log(0, 'a hunter2 '), log(10, 'hunter'), log(10, 'hunter2 b')]
    expect(become(said, ['hunter2']).logs).toBe('a [REDACTED] [REDACTED] b')
  })

  it('go on after a gap as the lifecycle says', () => {
    expect(become([log(0, 'one'), log(7, 'hunter2')], ['hunter2']).logs).toBe('one')
  })
})

describe('logs as snapshots', () => {
  it('lose secrets, and never a snapshot', () => {
    const said = ['a', 'a hunt', 'a hunter2', 'a hunter2 and hun'].map(seen)
    expect(become(said.slice(0, 2), ['hunter2']).logs).toBe('a hunt')
    expect(become(said, ['hunter2']).logs).toBe('a [REDACTED] and hun')
    expect(become([...said, { type: 'succeeded' }], ['hunter2'])).toMatchObject({
      status: 'succeeded',
      logs: 'a [REDACTED] and hun',
    })
  })

  it('end with the last, as it is', () => {
    const last: Occurrence = { type: 'observed', output: null, logs: 'a hunter2, hun', last: true }
    expect(become([seen('a hunter2 and more'), last], ['hunter2']).logs).toBe('a [REDACTED], hun')
    expect(become([seen('a hunter2 and more'), last]).logs).toBe('a hunter2, hun')
  })

  it('are told of once when they are old', () => {
    const said = [seen('a hunter2 b'), seen('a hun'), seen('a hunter2 b')]
    expect(become(said, ['hunter2']).logs).toBe('a [REDACTED] b')
  })
})

describe('progress', () => {
  it('is told by the bars in the logs, in pieces or as snapshots', () => {
    const text = bar(10, 'Sampling: ')
    const told = { fraction: 0.2, label: 'Sampling', eta: 4 }
    expect(become([log(0, text)]).progress).toEqual(told)
    expect(become([log(0, text.slice(0, 20)), log(20, text.slice(20))]).progress).toEqual(told)
    expect(become([seen(''), seen(text.slice(0, 20)), seen(text)]).progress).toEqual(told)
    expect(become([seen(text), seen(text + bar(20))]).progress).toMatchObject({ fraction: 0.4 })
  })

  it('has no known end once its loop is done, whatever comes next', () => {
    const done = [log(0, bar(49)), log(bar(49).length, bar(50))]
    expect(become(done).progress).toEqual({})
    const length = bar(49).length + bar(50).length
    expect(become([...done, log(length, '\nSaving the picture\n')]).progress).toEqual({})
    expect(become([...done, log(length, bar(1))]).progress).toMatchObject({ fraction: 0.02 })
  })

  it('stays while other lines come', () => {
    const said = [log(0, bar(10)), log(bar(10).length, '\nA warning\n')]
    expect(become(said).progress).toMatchObject({ fraction: 0.2 })
  })

  it('is what the model itself reports, if it does', () => {
    const own: Occurrence = { type: 'progressed', progress: { fraction: 0.5, label: 'its own' } }
    const said = [log(0, bar(10)), own, log(bar(10).length, bar(20))]
    expect(become(said).progress).toEqual({ fraction: 0.5, label: 'its own' })
  })

  it('has no secret in its label', () => {
    const own: Occurrence = { type: 'progressed', progress: { label: 'hunter2' } }
    expect(become([own], ['hunter2']).progress).toEqual({ label: '[REDACTED]' })
    const said = [log(0, 'hun'), log(3, `ter2: ${bar(10).trim()}`)]
    expect(become(said, ['hunter2']).progress).toMatchObject({ label: '[REDACTED]' })
  })
})

it('leaves outputs as the model made them', () => {
  const said: Occurrence = { type: 'emitted', index: 0, chunks: ['hunter2'] }
  expect(become([said], ['hunter2']).output).toBe('hunter2')
})
