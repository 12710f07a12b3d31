import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apply } from '../../src/domain/prediction/apply.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { NoSpace, StoreBusy } from '../../src/domain/unavailable.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { writeBusyInThread } from '../../src/store/writer-thread/busy-writes.ts'
import { errorIn, failureOf } from '../../src/store/writer-thread/messages.ts'
import { startWriterThread } from '../../src/store/writer-thread/writer-thread.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { eventually } from '../support/eventually.ts'

let folder: string
let path: string
let here: Store
let opened: Store[]
let starts: number
let isReady: boolean
/** The numbers of acceptances and of saves that did not go to the thread. */
let writtenHere: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-thread-'))
  path = join(folder, 'sandpit.sqlite')
  here = await openSqlite(path)
  opened = [here]
  starts = 0
  isReady = false
  writtenHere = 0
})
afterEach(async () => {
  await Promise.allSettled(opened.map((store) => store.close()))
  rmSync(folder, { recursive: true, force: true })
})

/** A store that starts its thread with its second write at once. */
function open({ restMs = 60_000, written = path } = {}): Store {
  const counted: Store = {
    ...here,
    accept(...given) {
      writtenHere++
      return here.accept(...given)
    },
    save(...given) {
      writtenHere++
      return here.save(...given)
    },
  }
  const store = writeBusyInThread(counted, {
    start(onReady, onLost) {
      starts++
      isReady = false
      const ready = () => {
        isReady = true
        onReady()
      }
      const events = { onReady: ready, onLost, onNoted() {}, onUnsynced() {} }
      return startWriterThread({ path: written, ...events })
    },
    hasFailed: () => false,
    most: 1,
    restMs,
  })
  opened = [store]
  return store
}

function numbered(from: number, count: number): Prediction[] {
  return Array.from({ length: count }, (_, at) => predictionOf({ id: idOf(from + at) }))
}

function acceptAll(store: Store, predictions: readonly Prediction[]): Promise<Prediction[]> {
  return Promise.all(predictions.map((one) => store.accept(one, versionOf(), null)))
}

/** A store whose thread is at work. */
async function openBusy(options: { restMs?: number } = {}): Promise<Store> {
  const store = open(options)
  await acceptAll(store, numbered(1, 3))
  await eventually(() => expect(isReady).toBe(true))
  writtenHere = 0
  return store
}

describe('a store with many writes at once', () => {
  it('hands them to a thread, and finds what that has written', async () => {
    const store = await openBusy()
    const accepted = numbered(10, 50)
    const taken: string[] = []
    const resolved = await Promise.all(
      accepted.map((one) =>
        store.accept(one, versionOf(), null, { taken: () => taken.push(one.id) }),
      ),
    )
    expect(resolved).toEqual(accepted)
    expect(taken).toEqual(accepted.map(({ id }) => id))
    const settled = accepted.map((one) =>
      apply(one, { type: 'failed', error: 'No.', at: start + 1 }),
    )
    const saved = await Promise.all(
      settled.map((next, at) => store.save(accepted[at] ?? next, next)),
    )
    expect(saved).toEqual(settled.map(() => true))
    expect(writtenHere).toBe(0)
    for (const one of settled) expect(await store.find(one.id)).toEqual(one)
  })

  it('makes one prediction of a double click, and refuses what is outdated', async () => {
    const store = await openBusy()
    const first = predictionOf({ id: idOf(10) })
    const second = predictionOf({ id: idOf(11) })
    const key = { key: 'a-form', since: 0 }
    const taken: string[] = []
    const [one, other] = await Promise.all([
      store.accept(first, versionOf(), key, { taken: () => taken.push('first') }),
      store.accept(second, versionOf(), key, { taken: () => taken.push('second') }),
    ])
    expect(other).toEqual(one)
    expect(taken).toEqual(['first'])
    const next = apply(first, { type: 'started', at: start + 1 })
    expect(await store.save(first, next)).toBe(true)
    expect(await store.save(first, next)).toBe(false)
    expect(writtenHere).toBe(0)
  })

  it('keeps secrets until their prediction settles', async () => {
    const store = await openBusy()
    const prediction = predictionOf({ id: idOf(10) })
    await store.accept(prediction, versionOf(), null, { sealed: 'a secret' })
    expect(await store.findSecrets(prediction.id)).toBe('a secret')
    const next = apply(prediction, { type: 'failed', error: 'No.', at: start + 1 })
    await store.save(prediction, next)
    expect(await store.findSecrets(prediction.id)).toBeNull()
    expect(writtenHere).toBe(0)
  })

  it('writes large predictions itself', async () => {
    const store = await openBusy()
    const small = predictionOf({ id: idOf(10) })
    const large = predictionOf({ id: idOf(11), input: { prompt: 'word '.repeat(10_000) } })
    expect(await acceptAll(store, [small, large])).toEqual([small, large])
    expect(writtenHere).toBe(1)
  })

  it('says why a write failed in the thread', async () => {
    const store = await openBusy()
    const other = new DatabaseSync(path)
    other.exec(
      "create trigger refusing before insert on predictions begin select raise(abort, 'no more of these'); end",
    )
    other.close()
    await expect(acceptAll(store, numbered(10, 1))).rejects.toThrow('no more of these')
    expect(writtenHere).toBe(0)
  })

  it('keeps a version again that was removed in between', async () => {
    const store = await openBusy()
    const { model, id } = versionOf()
    for (const one of numbered(1, 3)) await store.remove(one.id, start)
    expect(await store.removeVersion(model, id)).toBe(true)
    await acceptAll(store, numbered(10, 3))
    expect(await store.findVersion(model, id)).toEqual(versionOf())
  })

  it('ends the thread when little is written, and starts another when there is much again', async () => {
    const store = await openBusy({ restMs: 20 })
    await eventually(async () => {
      await acceptAll(store, numbered(10 + 3 * starts, 3)).catch(() => {})
      expect(starts).toBeGreaterThan(1)
    })
  })

  it('writes on without the thread when that is lost', async () => {
    const store = open({ written: join(folder, 'no folder', 'sandpit.sqlite') })
    const wave = numbered(10, 3)
    expect(await acceptAll(store, wave)).toEqual(wave)
    const lost = numbered(20, 1)
    await eventually(async () => {
      await acceptAll(store, lost).catch(() => {})
      expect(await store.find(lost[0]?.id ?? '')).toEqual(lost[0])
    })
    expect(starts).toBe(1)
  })

  it('closes after the writes under way', async () => {
    const store = await openBusy()
    const accepted = numbered(10, 20)
    const writing = acceptAll(store, accepted)
    await store.close()
    expect(await writing).toEqual(accepted)
    here = await openSqlite(path)
    opened = [here]
    for (const one of accepted) expect(await here.find(one.id)).toEqual(one)
  })
})

it('carries the errors that callers can handle from the thread', () => {
  for (const error of [new NoSpace('The disk is full.'), new StoreBusy('It is locked.')])
    expect(errorIn(structuredClone(failureOf(error)))).toMatchObject({
      name: error.name,
      message: error.message,
    })
  expect(errorIn(structuredClone(failureOf('odd')))).toMatchObject({ message: 'odd' })
})
