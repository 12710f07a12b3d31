import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isList, type Json, sameJson } from '../../../src/domain/json/json.ts'
import { apply } from '../../../src/domain/prediction/apply.ts'
import { ranMs, tookMs, waitedMs } from '../../../src/domain/prediction/durations.ts'
import type { Occurrence, PredictionEvent } from '../../../src/domain/prediction/event.ts'
import {
  hasFailed,
  isSettled,
  isWaiting,
  outputLength,
  type Prediction,
  statuses,
  transitions,
} from '../../../src/domain/prediction/prediction.ts'
import { fileOf, predictionOf, start, uriOf } from '../../support/domain.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '😀'), maxLength: 4 })

const chunk: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.constantFrom<Json>(null, 0, true, [], ['a'], { a: 1 }, { a: 2 }),
)

const someFiles = fc.subarray([fileOf(1), fileOf(2), fileOf(3)])

const occurrence: fc.Arbitrary<Occurrence> = fc.oneof(
  fc.constant<Occurrence>({ type: 'started' }),
  fc.record({
    type: fc.constant('entered' as const),
    phase: fc.constantFrom('queued', 'pulling', 'booting', 'saving'),
  }),
  fc.record({
    type: fc.constant('emitted' as const),
    index: fc.nat(4),
    chunks: fc.array(chunk, { maxLength: 4 }),
    files: someFiles,
  }),
  fc.record({ type: fc.constant('logged' as const), offset: fc.nat(6), text }),
  fc.record({
    type: fc.constant('progressed' as const),
    progress: fc.record({ fraction: fc.constantFrom(0, 0.5, 1) }),
  }),
  fc.record({
    type: fc.constant('observed' as const),
    output: fc.oneof(chunk, fc.array(chunk, { maxLength: 4 })),
    logs: text,
    files: someFiles,
  }),
  fc.record({ type: fc.constant('interrupted' as const), rerun: fc.boolean() }),
)

const ending: fc.Arbitrary<Occurrence> = fc.constantFrom<Occurrence>(
  { type: 'submitted', remote: '' },
  { type: 'submitted', remote: null },
  { type: 'submitted', remote: 'pw050dtb51rj40cjb2vrcw97b8' },
  { type: 'measured', metrics: { image_count: 2 } },
  { type: 'overdue', error: 'Too late.' },
  { type: 'succeeded' },
  { type: 'failed', error: 'The model ran out of memory.' },
  { type: 'canceled' },
  { type: 'expired', error: 'It timed out after 60 s.' },
)

/** The events of a prediction, one second apart. */
const history = fc
  .tuple(
    fc.array(fc.oneof({ weight: 12, arbitrary: occurrence }, { weight: 1, arbitrary: ending }), {
      maxLength: 25,
    }),
    fc.boolean(),
  )
  .map(([occurrences, iterates]) => ({
    first: predictionOf({ iterates, input: { image: uriOf(9) }, files: [fileOf(9)] }),
    events: occurrences.map(
      (one, index): PredictionEvent => ({ ...one, at: start + (index + 1) * 1000 }),
    ),
  }))

interface Step {
  readonly before: Prediction
  readonly event: PredictionEvent
  readonly after: Prediction
}

function stepsOf(first: Prediction, events: readonly PredictionEvent[]): Step[] {
  let current = first
  return events.map((event) => {
    const before = current
    current = apply(current, event)
    return { before, event, after: current }
  })
}

/** Holds for every step of thousands of random histories. */
function always(holds: (step: Step) => void) {
  fc.assert(
    fc.property(history, ({ first, events }) => {
      stepsOf(first, events).forEach(holds)
    }),
    { numRuns: 3000 },
  )
}

function follow(first: Prediction, ...occurrences: readonly Occurrence[]): Prediction {
  return occurrences.reduce<Prediction>(
    (prediction, one, index) => apply(prediction, { ...one, at: start + (index + 1) * 1000 }),
    first,
  )
}

const same = (a: Prediction, b: Prediction) => sameJson(a as unknown as Json, b as unknown as Json)

describe('whatever happens', () => {
  it('leaves a settled prediction as the same object', () => {
    always(({ before, after }) => {
      if (isSettled(before)) expect(after).toBe(before)
    })
  })

  it('grows the revision by exactly 1 on a change', () => {
    always(({ before, after }) => {
      if (after !== before) expect(after.revision).toBe(before.revision + 1)
    })
  })

  it('returns the same object when nothing changed', () => {
    always(({ before, after }) => {
      if (after !== before)
        expect(same({ ...after, revision: before.revision }, before)).toBe(false)
    })
  })

  it('never changes what it was given', () => {
    always(({ before, event }) => {
      const copy = structuredClone(before)
      apply(before, event)
      expect(before).toEqual(copy)
    })
  })

  it('moves between statuses only as the table says', () => {
    always(({ before, after }) => {
      if (after.status !== before.status) expect(transitions[before.status]).toContain(after.status)
    })
  })

  it('goes back to the start only when interrupted, with another attempt', () => {
    const begun = ({ status, remote }: Prediction) => status === 'processing' || remote !== null
    always(({ before, event, after }) => {
      const refused = event.type === 'submitted' && event.remote === null
      if (begun(before) && after.status === 'starting' && after.remote === null && !refused) {
        expect(event.type).toBe('interrupted')
        expect(after.attempt).toBe(before.attempt + 1)
      } else expect(after.attempt).toBe(before.attempt)
    })
  })

  it('runs again once at most', () => {
    always(({ after }) => expect(after.attempt).toBeLessThanOrEqual(2))
  })

  it('knows when it ended exactly when it has ended', () => {
    always(({ after, event }) => {
      expect(after.completedAt !== null).toBe(isSettled(after))
      if (after.completedAt !== null) expect(after.completedAt).toBeLessThanOrEqual(event.at)
    })
  })

  it('knows when it began while it is processing, and not while it waits', () => {
    always(({ after }) => {
      if (after.status === 'processing') expect(after.startedAt).not.toBeNull()
      if (isWaiting(after)) expect(after.startedAt).toBeNull()
    })
  })

  it('has an error exactly when it failed', () => {
    always(({ after }) => expect(after.error !== null).toBe(hasFailed(after)))
  })

  it('shows no progress once settled', () => {
    always(({ after }) => {
      if (isSettled(after)) expect(after.progress).toBeNull()
    })
  })

  it('changes nothing when the same report comes twice', () => {
    always(({ event, after }) => {
      if (event.type !== 'interrupted') expect(apply(after, event)).toBe(after)
    })
  })

  it('never makes output or logs shorter, except to run again', () => {
    always(({ before, event, after }) => {
      // A run that starts again starts from nothing; a single value is replaced by the next.
      if (event.type === 'interrupted' || (event.type === 'emitted' && !before.iterates)) return
      expect(after.logs.length).toBeGreaterThanOrEqual(before.logs.length)
      const [was, is] = [before.output, after.output]
      if (was !== null) expect(is).not.toBeNull()
      if (isList(was) && isList(is)) expect(is.length).toBeGreaterThanOrEqual(was.length)
    })
  })

  it('keeps each file once, and those of the input always', () => {
    always(({ after }) => {
      const refs = after.files.map(({ ref }) => ref)
      expect(refs).toHaveLength(new Set(refs).size)
      expect(refs).toContain(fileOf(9).ref)
    })
  })
})

/** Parts of one whole, in any order and as often as may be, each at its own position. */
function partsOf<T>(whole: readonly T[]) {
  return fc.array(
    fc.tuple(fc.nat(whole.length), fc.nat(whole.length)).map(([a, b]) => ({
      from: Math.min(a, b),
      part: whole.slice(Math.min(a, b), Math.max(a, b)),
    })),
    { maxLength: 20 },
  )
}

describe('reports out of order and twice', () => {
  it('chunks by position give the beginning of what was emitted, then all of it', () => {
    const whole = ['a', 'b', null, { c: 1 }, 'a']
    fc.assert(
      fc.property(partsOf(whole), (parts) => {
        const events = parts.map(({ from, part }) => emitted(from, part))
        let current = predictionOf({ iterates: true })
        for (const event of events) {
          current = follow(current, event)
          expect(whole.slice(0, outputLength(current))).toEqual(current.output ?? [])
        }
        expect(follow(current, emitted(0, whole)).output).toEqual(whole)
      }),
    )
  })

  it('logs by position give the beginning of what was written, then all of it', () => {
    const whole = 'one\ntwo\nthree 😀\n'
    fc.assert(
      fc.property(partsOf(whole.split('')), (parts) => {
        let current = predictionOf()
        for (const { from, part } of parts) {
          current = follow(current, logged(from, part.join('')))
          expect(whole.startsWith(current.logs)).toBe(true)
        }
        expect(follow(current, logged(0, whole)).logs).toBe(whole)
      }),
    )
  })

  it('a chunk past the end waits until what is before it has come', () => {
    const waiting = predictionOf({ iterates: true })
    expect(follow(waiting, emitted(1, ['b']))).toBe(waiting)
    expect(follow(waiting, emitted(0, ['a']), emitted(1, ['b'])).output).toEqual(['a', 'b'])
  })

  it('snapshots never go back, in whatever order they arrive', () => {
    const items = ['a', 'b', 'c', 'd']
    // Nothing yet, an empty list, then a list that grows: the logs keep up, or stay behind.
    const snapshots = [null, [], ...items.map((_, index) => items.slice(0, index + 1))]
    const order = fc.array(fc.nat(snapshots.length - 1), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(order, fc.boolean(), (arrivals, chatty) => {
        let current = predictionOf({ iterates: true })
        let newest = 0
        for (const index of arrivals) {
          newest = Math.max(newest, index)
          const logs = chatty ? 'x'.repeat(index) : ''
          const next = follow(current, { type: 'observed', output: snapshots[index] ?? null, logs })
          if (index < newest) expect(next).toBe(current)
          expect(next.output).toEqual(snapshots[newest])
          current = next
        }
      }),
    )
  })

  it('a snapshot of a text that grew is taken, an older one is not', () => {
    const seen = follow(predictionOf(), observed('Once upon'), observed('Once upon a time'))
    expect(seen.output).toBe('Once upon a time')
    expect(follow(seen, observed('Once upon'))).toBe(seen)
    expect(follow(seen, observed(null))).toBe(seen)
  })

  it('a snapshot with shorter logs is not taken, whatever its output', () => {
    const seen = follow(predictionOf({ iterates: true }), observed(['a'], 'loading\nready\n'))
    expect(follow(seen, observed(['a', 'b'], 'loading\n'))).toBe(seen)
  })

  it('takes the last one as it is', () => {
    const seen = follow(predictionOf({ iterates: true }), observed(['a', 'b'], 'loading\nready\n'))
    const next = follow(seen, { type: 'observed', output: ['c'], logs: 'ready\n', last: true })
    expect(next).toMatchObject({ output: ['c'], logs: 'ready\n' })
  })

  it('a file reported with two snapshots is kept once', () => {
    const report = (output: Json, files: readonly number[]): Occurrence => ({
      type: 'observed',
      output,
      logs: '',
      files: files.map((number) => fileOf(number)),
    })
    const seen = follow(
      predictionOf({ iterates: true }),
      report([uriOf(1)], [1]),
      report([uriOf(1), uriOf(2)], [1, 2]),
    )
    expect(seen.files).toEqual([fileOf(1), fileOf(2)])
  })

  it('a file in a batch of chunks that was partly known is kept once', () => {
    const seen = follow(
      predictionOf({ iterates: true }),
      { ...emitted(0, [uriOf(1)]), files: [fileOf(1)] },
      { ...emitted(0, [uriOf(1), uriOf(2)]), files: [fileOf(1), fileOf(2)] },
    )
    expect(seen.files).toEqual([fileOf(1), fileOf(2)])
  })
})

describe('a run', () => {
  it('waits, begins, makes something and succeeds', () => {
    const done = follow(
      predictionOf(),
      { type: 'started' },
      logged(0, 'ready\n'),
      { type: 'progressed', progress: { fraction: 0.5, label: 'half' } },
      emitted(0, ['Hello World']),
      { type: 'succeeded' },
    )
    expect(done).toMatchObject({
      status: 'succeeded',
      output: 'Hello World',
      logs: 'ready\n',
      progress: null,
      error: null,
      startedAt: start + 1000,
      completedAt: start + 5000,
    })
    expect([waitedMs(done), ranMs(done), tookMs(done)]).toEqual([1000, 4000, 5000])
  })

  it('begins with its first output, when nothing said so before', () => {
    expect(follow(predictionOf(), emitted(0, ['Hello']))).toMatchObject({
      status: 'processing',
      startedAt: start + 1000,
    })
  })

  it('keeps waiting while its model only writes logs', () => {
    const booting = follow(predictionOf(), logged(0, 'pulling weights\n'))
    expect(isWaiting(booting)).toBe(true)
    expect(booting.startedAt).toBeNull()
  })

  it('collects the chunks of an iterator in a list', () => {
    const streaming = follow(predictionOf({ iterates: true }), emitted(0, ['a']), emitted(1, ['b']))
    expect(streaming.output).toEqual(['a', 'b'])
  })

  it('settles at once when canceled, begun or not', () => {
    expect(follow(predictionOf(), { type: 'canceled' }).status).toBe('canceled')
    expect(follow(predictionOf(), { type: 'started' }, { type: 'canceled' }).status).toBe(
      'canceled',
    )
  })

  it('is aborted by its caller’s deadline before it began, and canceled by one after', () => {
    const overdue: Occurrence = { type: 'overdue', error: 'Too late.' }
    expect(follow(predictionOf(), overdue)).toMatchObject({ status: 'aborted', error: 'Too late.' })
    expect(follow(predictionOf(), { type: 'started' }, overdue)).toMatchObject({
      status: 'canceled',
      error: null,
    })
  })

  it('forgets with an attempt what an upstream called it and measured', () => {
    const cut = follow(
      predictionOf(),
      { type: 'submitted', remote: 'upstream-1' },
      { type: 'measured', metrics: { image_count: 2 } },
      { type: 'interrupted', rerun: true },
    )
    expect(cut).toMatchObject({ status: 'starting', attempt: 2, remote: null, metrics: {} })
  })

  it('adds what is measured to what was', () => {
    const measured = follow(
      predictionOf(),
      { type: 'measured', metrics: { image_count: 2, batch_size: 1 } },
      { type: 'measured', metrics: { image_count: 3 } },
    )
    expect(measured.metrics).toEqual({ image_count: 3, batch_size: 1 })
  })

  it('is aborted by a deadline before it began, and failed by one after', () => {
    const expired: Occurrence = { type: 'expired', error: 'Too slow.' }
    expect(follow(predictionOf(), expired)).toMatchObject({ status: 'aborted', error: 'Too slow.' })
    expect(follow(predictionOf(), { type: 'started' }, expired)).toMatchObject({
      status: 'failed',
      error: 'Too slow.',
    })
  })

  it('keeps what it had made when it fails', () => {
    const failed = follow(predictionOf({ iterates: true }), emitted(0, ['a']), logged(0, 'oh\n'), {
      type: 'failed',
      error: 'Out of memory.',
    })
    expect(failed).toMatchObject({ output: ['a'], logs: 'oh\n', error: 'Out of memory.' })
  })

  it('ignores a late success after a cancel', () => {
    const canceled = follow(predictionOf(), { type: 'started' }, { type: 'canceled' })
    expect(follow(canceled, emitted(0, ['late']), { type: 'succeeded' })).toBe(canceled)
  })

  it('has no times to tell before they are known', () => {
    expect(ranMs(predictionOf())).toBeNull()
    expect(waitedMs(predictionOf())).toBeNull()
    const canceled = follow(predictionOf(), { type: 'canceled' })
    expect([waitedMs(canceled), ranMs(canceled), tookMs(canceled)]).toEqual([1000, null, 1000])
  })
})

describe('an interrupted run', () => {
  const running = follow(
    predictionOf({ iterates: true, input: { image: uriOf(9) }, files: [fileOf(9)] }),
    { type: 'started' },
    { ...emitted(0, [uriOf(1)]), files: [fileOf(1)] },
    logged(0, 'half way\n'),
    { type: 'progressed', progress: { fraction: 0.5 } },
  )

  it('starts again from nothing, and says so in its logs', () => {
    const again = follow(running, { type: 'interrupted', rerun: true })
    expect(again).toMatchObject({
      status: 'starting',
      attempt: 2,
      output: null,
      progress: null,
      startedAt: null,
      error: null,
    })
    expect(again.logs).toMatch(/^[^\n]*restarted[^\n]*\n$/)
  })

  it('keeps the files of its input and none that it made', () => {
    expect(follow(running, { type: 'interrupted', rerun: true }).files).toEqual([fileOf(9)])
  })

  it('fails with a reason when it must not run again', () => {
    const failed = follow(running, { type: 'interrupted', rerun: false })
    expect(failed.status).toBe('failed')
    expect(failed.error).toMatch(/is not set to run again automatically/)
    expect(failed.output).toEqual([uriOf(1)])
  })

  it('fails with a reason when it was interrupted before', () => {
    const twice = follow(
      running,
      { type: 'interrupted', rerun: true },
      { type: 'started' },
      { type: 'interrupted', rerun: true },
    )
    expect(twice).toMatchObject({ status: 'failed', attempt: 2 })
    expect(twice.error).toMatch(/twice/)
  })

  it('is left in its place while it still waits', () => {
    const waiting = predictionOf()
    expect(follow(waiting, { type: 'interrupted', rerun: true })).toBe(waiting)
    expect(follow(waiting, { type: 'interrupted', rerun: false })).toBe(waiting)
  })

  it('writes all of its logs after the line that says it was started again', () => {
    const again = follow(running, { type: 'interrupted', rerun: true })
    const written = follow(again, { type: 'started' }, logged(0, 'ready\n'), logged(6, 'done\n'))
    expect(written.logs).toBe(`${again.logs}ready\ndone\n`)
  })

  it('takes snapshots of the second attempt, with their logs after that line', () => {
    const again = follow(running, { type: 'interrupted', rerun: true })
    const seen = follow(again, observed(['new'], 'ready\n'))
    expect(seen).toMatchObject({ output: ['new'], logs: `${again.logs}ready\n` })
    expect(follow(seen, observed(['new'], 'ready\n'))).toBe(seen)
  })

  it('makes its output anew', () => {
    const again = follow(running, { type: 'interrupted', rerun: true }, emitted(0, ['new']))
    expect(again.output).toEqual(['new'])
  })

  it('writes its logs anew when it had only begun to boot', () => {
    const booting = follow(predictionOf(), logged(0, 'pulling weights, 10 %\n'))
    const again = follow(
      booting,
      { type: 'interrupted', rerun: true },
      logged(0, 'from the cache\n'),
    )
    expect(again.logs).toContain('from the cache\n')
  })
})

it('settles in four of the six statuses', () => {
  expect(statuses.filter((status) => isSettled({ status }))).toEqual([
    'succeeded',
    'failed',
    'canceled',
    'aborted',
  ])
})

function emitted(index: number, chunks: readonly Json[]) {
  return { type: 'emitted', index, chunks } as const
}

function logged(offset: number, added: string) {
  return { type: 'logged', offset, text: added } as const
}

function observed(output: Json, logs = ''): Occurrence {
  return { type: 'observed', output, logs }
}
