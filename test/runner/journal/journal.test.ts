import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noOthers } from '../../../src/changes/alone.ts'
import { apply } from '../../../src/domain/prediction/apply.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { createJournal, type Journal } from '../../../src/runner/journal/journal.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import type { Store } from '../../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
import { eventually } from '../../support/eventually.ts'

let folder: string
let store: Store
/** Saves wait for it. */
let disk: Promise<void>
let faults: unknown[]
let journal: Journal
let saved: string[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-journal-'))
  store = await openSqlite(join(folder, 'sandpit.sqlite'))
  disk = Promise.resolve()
  faults = []
  saved = []
  const slow: Store = {
    ...store,
    async save(previous, next) {
      saved.push(next.id)
      await disk
      return store.save(previous, next)
    },
  }
  journal = createJournal({
    store: slow,
    changes: noOthers,
    replicas: null,
    now: () => start,
    onError: (error) => faults.push(error),
    onLost() {},
  })
})
afterEach(async () => {
  await journal.flushAll()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
  expect(faults).toEqual([])
})

async function accepted(changes: Partial<Prediction> = {}): Promise<Prediction> {
  const prediction = await store.accept(predictionOf(changes), versionOf(), null)
  journal.open(prediction)
  return prediction
}

/** Whether it has resolved once all that needs no disk is done. */
async function resolved(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol()
  const turn = new Promise((resolve) => setImmediate(resolve, pending))
  return (await Promise.race([promise, turn])) !== pending
}

const log = (offset: number, text: string) => ({ type: 'logged', at: start, offset, text }) as const

describe('saving', () => {
  it('takes what happens in quick succession together', async () => {
    const { id } = await accepted()
    await journal.advance(id, { type: 'started', at: start })
    for (let line = 0; line < 50; line++) await journal.advance(id, log(line, 'x'))
    await journal.advance(id, { type: 'succeeded', at: start + 5 })
    await journal.flush(id)
    expect(saved.length).toBeLessThanOrEqual(2)
    expect(await store.find(id)).toMatchObject({ status: 'succeeded', logs: 'x'.repeat(50) })
  })

  it('keeps the order of output, and takes each item of it once', async () => {
    const { id } = await accepted({ iterates: true })
    const emit = (index: number, ...chunks: string[]) =>
      journal.advance(id, { type: 'emitted', at: start, index, chunks })
    await journal.advance(id, { type: 'started', at: start })
    await emit(0, 'a', 'b')
    await emit(2, 'c')
    await journal.advance(id, log(0, 'x'))
    // What is known already, what is partly known, and what comes after a gap.
    await emit(1, 'b')
    await emit(2, 'c', 'd')
    await emit(9, 'z')
    await emit(4, 'e')
    expect(journal.current(id)).toMatchObject({ output: ['a', 'b', 'c', 'd', 'e'], logs: 'x' })
    await journal.flush(id)
    expect(await store.find(id)).toMatchObject({ output: ['a', 'b', 'c', 'd', 'e'], logs: 'x' })
    await emit(5, 'f')
    await journal.advance(id, { type: 'succeeded', at: start + 5 })
    await journal.flush(id)
    expect((await store.find(id))?.output).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('is sooner while somebody watches', async () => {
    const first = await accepted()
    const second = await accepted({ id: idOf(2) })
    const stop = journal.watch(first.id, () => {})
    for (const { id } of [second, first]) {
      await journal.advance(id, { type: 'started', at: start })
      await journal.flush(id)
    }
    saved.length = 0
    for (const { id } of [first, second]) await journal.advance(id, log(0, 'a line'))
    await eventually(() => expect(saved).toEqual([first.id, second.id]))
    stop()
  })

  it('makes a flood wait for the disk, and a trickle not', async () => {
    const { id } = await accepted()
    const held = Promise.withResolvers<void>()
    disk = held.promise
    expect(await resolved(journal.advance(id, log(0, 'a line')))).toBe(true)
    const flood = journal.advance(id, log(6, 'x'.repeat(70_000)))
    expect(await resolved(flood)).toBe(false)
    held.resolve()
    await flood
    expect((await store.find(id))?.logs.length).toBe(70_006)
  })

  it('shows what is saved, and nothing before', async () => {
    const { id } = await accepted()
    const held = Promise.withResolvers<void>()
    disk = held.promise
    void journal.advance(id, { type: 'succeeded', at: start })
    expect(await journal.find(id)).toMatchObject({ status: 'starting' })
    held.resolve()
    await journal.flush(id)
    expect(await journal.find(id)).toMatchObject({ status: 'succeeded' })
  })

  it('applies what happened here to what somebody else saved meanwhile', async () => {
    const prediction = await accepted()
    const { id } = prediction
    await store.save(prediction, { ...prediction, status: 'processing', startedAt: 7, revision: 2 })
    await journal.advance(id, log(0, 'here'))
    await journal.flush(id)
    expect(await store.find(id)).toMatchObject({ status: 'processing', startedAt: 7, logs: 'here' })
  })
})

describe('telling', () => {
  it('reaches those who watch one prediction until they stop, and those who listen to all', async () => {
    const { id } = await accepted()
    await accepted({ id: idOf(2) })
    const seen: string[] = []
    const heard: string[] = []
    const unwatch = journal.watch(id, () => seen.push(id))
    journal.listen((changed) => heard.push(changed))
    await journal.advance(id, { type: 'started', at: start })
    await journal.flush(id)
    await journal.advance(idOf(2), { type: 'started', at: start })
    await journal.flush(idOf(2))
    expect(seen).toEqual([id])
    expect(heard).toEqual([id, idOf(2)])
    unwatch()
    await journal.advance(id, { type: 'succeeded', at: start })
    await journal.flush(id)
    expect(seen).toEqual([id])
  })

  it('tells of a removal, after which nothing happens to it any more', async () => {
    const { id } = await accepted()
    const heard: string[] = []
    journal.listen((changed) => heard.push(changed))
    await journal.advance(id, log(0, 'unsaved'))
    expect(await journal.remove(id)).toBe(true)
    expect(heard).toEqual([id])
    await journal.advance(id, { type: 'succeeded', at: start })
    await eventually(async () => expect(await journal.find(id)).toBeNull())
    expect(await journal.remove(id)).toBe(false)
  })
})

describe('a run that was cut short and claimed again', () => {
  it('leaves nothing of its first attempt in the second', async () => {
    const shared = createJournal({
      store,
      changes: noOthers,
      replicas: { owns: async () => true },
      now: () => start,
      onError: (error) => faults.push(error),
      onLost() {},
    })
    const { id } = await store.accept(predictionOf({ iterates: true }), versionOf(), null)
    await shared.hold(id)
    const at = start
    await shared.record(id, { type: 'started', at })
    await shared.record(id, { type: 'emitted', index: 0, chunks: ['a', 'b'], at })
    await shared.flush(id)
    for (const event of [
      { type: 'interrupted', rerun: true, at },
      { type: 'started', at },
      { type: 'emitted', index: 0, chunks: ['a'], at },
    ] as const) {
      const kept = await store.find(id)
      if (kept) await store.save(kept, apply(kept, event))
    }
    await shared.record(id, { type: 'emitted', index: 2, chunks: ['c'], at })
    await shared.record(id, { type: 'succeeded', at })
    await shared.flush(id)
    expect(await store.find(id)).toMatchObject({
      attempt: 2,
      status: 'processing',
      output: ['a'],
    })
    shared.stop()
  })
})
