import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../src/domain/file/file.ts'
import type { Upload } from '../../src/domain/file/upload.ts'
import type { Json, JsonObject } from '../../src/domain/json/json.ts'
import { type Deployment, released } from '../../src/domain/model/deployment.ts'
import { type ModelEdit, noFields } from '../../src/domain/model/edit.ts'
import { type ModelRecord, noSettings } from '../../src/domain/model/record.ts'
import { apply } from '../../src/domain/prediction/apply.ts'
import type { Occurrence } from '../../src/domain/prediction/event.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { type WebhookEvent, webhookEvents } from '../../src/domain/prediction/webhook.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import type { PredictionFilter, Store } from '../../src/store/store.ts'
import { fileOf, idOf, minute, predictionOf, start, uriOf, versionOf } from '../support/domain.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

/** The contract of `Store`, for every database. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    let other: Store
    openEach(open, (opened) => {
      store = opened.first
      other = opened.second
    })

    async function accept(changes: Partial<Prediction> = {}): Promise<Prediction> {
      return store.accept(predictionOf(changes), versionOf(), null)
    }

    /** Saves each event in turn, as it is after what was kept before. */
    async function saveEach(prediction: Prediction, ...events: readonly Occurrence[]) {
      let current = prediction
      for (const event of events) {
        const next = happen(current, event)
        expect(await store.save(current, next)).toBe(true)
        current = next
      }
      return current
    }

    describe('a prediction', () => {
      it('is found as it was accepted, by every handle', async () => {
        const prediction = predictionOf({
          input: { prompt: 'a cat', seed: 18446744073709551615n, list: [1, { deep: null }] },
          source: 'api',
          visibility: 'private',
          parent: idOf(9),
          deadline: start + 60_000,
          deployment: { owner: 'ann', name: 'upscale' },
          webhook: { url: 'https://example.com/hook', events: ['start', 'completed'] },
        })
        expect(await store.accept(prediction, versionOf(), null)).toEqual(prediction)
        expect(await store.find(prediction.id)).toEqual(prediction)
        expect(await other.find(prediction.id)).toEqual(prediction)
      })

      it('is not found when it was never accepted', async () => {
        expect(await store.find(idOf(1))).toBeNull()
      })

      it('is found as it was saved, step by step, until it is settled', async () => {
        const events: readonly Occurrence[] = [
          { type: 'logged', offset: 0, text: 'booting\n' },
          { type: 'started' },
          { type: 'progressed', progress: { fraction: 0.5, label: 'half', eta: 3 } },
          emitted(0, ['a', { b: 1 }]),
          emitted(2, [null, 12345678901234567890n]),
          { type: 'logged', offset: 8, text: 'ready\n' },
          emitted(4, [['c']]),
          { type: 'failed', error: 'Out of memory.' },
        ]
        let current = await accept({ iterates: true })
        for (const event of events) {
          current = await saveEach(current, event)
          expect(await other.find(current.id)).toEqual(current)
        }
        expect(current.output).toEqual(['a', { b: 1 }, null, 12345678901234567890n, ['c']])
      })

      it.each<[string, Json]>([
        ['a text', 'Hello'],
        ['a list', ['a', 'b']],
        ['an empty list', []],
        ['an empty text', ''],
        ['no', false],
        ['zero', 0],
      ])('that makes %s at once is found with it, running and settled', async (_what, output) => {
        const running = await saveEach(await accept(), emitted(0, [output]))
        expect((await store.find(running.id))?.output).toEqual(output)
        const settled = await saveEach(running, { type: 'succeeded' })
        expect(await store.find(settled.id)).toEqual(settled)
      })

      it.each<[string, Json]>([
        ['a text', 'Hello'],
        ['an object', { text: 'Hello' }],
        ['an empty list', []],
      ])('that promised a list and has %s is found with it', async (_what, output) => {
        const running = await saveEach(await accept({ iterates: true }), {
          type: 'observed',
          output,
          logs: '',
        })
        expect((await store.find(running.id))?.output).toEqual(output)
      })

      it('that was rewritten by a snapshot is found with the new output alone', async () => {
        const running = await saveEach(
          await accept({ iterates: true }),
          { type: 'observed', output: ['a', 'b'], logs: 'one\n' },
          { type: 'observed', output: ['x', 'y', 'z'], logs: 'other\n' },
        )
        expect(await store.find(running.id)).toEqual(running)
      })

      it('that runs again is found without what it had made', async () => {
        const again = await saveEach(
          await accept({ iterates: true }),
          emitted(0, ['a', 'b']),
          { type: 'logged', offset: 0, text: 'a long line of logs\n'.repeat(20) },
          { type: 'interrupted', rerun: true },
        )
        expect(again).toMatchObject({ output: null, attempt: 2 })
        expect(await store.find(again.id)).toEqual(again)
        const anew = await saveEach(again, emitted(0, ['c']))
        expect((await store.find(anew.id))?.output).toEqual(['c'])
      })

      it('keeps every character: NUL, half ones, emoji and signs of other tongues', async () => {
        const text = 'a\0b \ud83d c 😀 e\u0301 猫\u2028\ufeff'
        const accepted = await accept({ iterates: true, input: { [text]: text } })
        const running = await saveEach(accepted, emitted(0, [text, { [text]: [text] }]))
        expect(await store.find(running.id)).toEqual(running)
        const settled = await saveEach(running, { type: 'succeeded' })
        expect(await store.find(settled.id)).toEqual(settled)
      })

      it('keeps logs and errors with NUL and emoji', async () => {
        const text = 'a\0b 😀 猫\r\n'
        const running = await saveEach(await accept(), { type: 'logged', offset: 0, text })
        expect((await store.find(running.id))?.logs).toBe(text)
        const failed = await saveEach(running, { type: 'failed', error: text })
        expect(await store.find(failed.id)).toEqual(failed)
      })

      it('joins an emoji whose halves were logged one after the other', async () => {
        const [high, low] = ['😀'.charAt(0), '😀'.charAt(1)]
        const running = await saveEach(
          await accept(),
          { type: 'logged', offset: 0, text: `smile ${high}` },
          { type: 'logged', offset: 7, text: `${low}\n` },
        )
        expect((await store.find(running.id))?.logs).toBe('smile 😀\n')
      })

      it('is refused under an id that is taken, and leaves nothing behind', async () => {
        await accept()
        const image = fileOf(1)
        const again = predictionOf({ input: { image: uriOf(1) }, files: [image] })
        await expect(store.accept(again, versionOf(), null)).rejects.toThrow()
        expect(await store.findFile(image.ref)).toBeNull()
        expect((await store.find(again.id))?.input).toEqual({ prompt: 'a cat' })
      })

      it('is gone once it is removed, and only then', async () => {
        const running = await saveEach(await accept(), { type: 'logged', offset: 0, text: 'a' })
        await accept({ id: idOf(2) })
        expect(await store.remove(running.id, start)).toBe(true)
        expect(await other.find(running.id)).toBeNull()
        expect(await store.remove(running.id, start)).toBe(false)
        expect(await store.save(running, happen(running, { type: 'started' }))).toBe(false)
        expect(await store.find(idOf(2))).not.toBeNull()
      })

      it('that is accepted anew under the id of a removed one has none of its parts', async () => {
        await saveEach(await accept(), { type: 'logged', offset: 0, text: 'old' })
        await store.remove(idOf(1), start)
        await accept()
        expect((await store.find(idOf(1)))?.logs).toBe('')
      })
    })

    describe('two presses on Run', () => {
      const press = { key: 'form key and hash of the input', since: start - 10_000 }
      const again = predictionOf({ id: idOf(2), createdAt: start + 200 })

      it('with one key are one prediction, whichever handle they reach', async () => {
        const accepted = await store.accept(predictionOf(), versionOf(), press)
        expect(await store.accept(again, versionOf(), press)).toEqual(accepted)
        expect(await other.accept(again, versionOf(), press)).toEqual(accepted)
        expect(await store.find(again.id)).toBeNull()
        expect(await other.findAccepted(versionOf().id, press)).toEqual(accepted)
        expect(await other.findAccepted(versionOf().id, { ...press, key: 'another' })).toBeNull()
      })

      it('at the same moment are one prediction', async () => {
        const [one, two] = await Promise.all([
          store.accept(predictionOf(), versionOf(), press),
          store.accept(again, versionOf(), press),
        ])
        expect(one.id).toBe(two.id)
        expect((await store.page({}, 10, null)).predictions).toHaveLength(1)
      })

      it('answer the earlier prediction as it is by then', async () => {
        const accepted = await store.accept(predictionOf(), versionOf(), press)
        const settled = await saveEach(accepted, emitted(0, ['Hello']), { type: 'succeeded' })
        expect(await store.accept(again, versionOf(), press)).toEqual(settled)
      })

      it('say when the new prediction is kept, before it is on disk, and nothing of an earlier one', async () => {
        const heard: string[] = []
        const hear = (what: string) => ({ taken: () => void heard.push(what) })
        const accepting = store.accept(predictionOf(), versionOf(), press, hear('the first'))
        await accepting.then(() => heard.push('on disk'))
        await store.accept(again, versionOf(), press, hear('the second'))
        expect(heard).toEqual(['the first', 'on disk'])
      })

      it('are two when the key, the version or the time is another', async () => {
        await store.accept(predictionOf(), versionOf(), press)
        const others = [
          store.accept(again, versionOf(), { ...press, key: 'another' }),
          store.accept({ ...again, id: idOf(3), version: 'e'.repeat(64) }, versionOf(), press),
          store.accept({ ...again, id: idOf(4) }, versionOf(), { ...press, since: start + 1 }),
          store.accept({ ...again, id: idOf(5) }, versionOf(), null),
        ]
        expect((await Promise.all(others)).map(({ id }) => id)).toEqual([2, 3, 4, 5].map(idOf))
      })

      it('leave the upload of the second to whoever sends it next', async () => {
        await store.accept(predictionOf(), versionOf(), press)
        await store.addFile(fileOf(1), 'ada', start)
        await store.accept({ ...again, files: [fileOf(1)] }, versionOf(), press)
        expect(await store.findFile(fileOf(1).ref)).toMatchObject({
          file: fileOf(1),
          prediction: null,
        })
      })
    })

    describe('saving', () => {
      it('is refused when something else was saved in between, and changes nothing', async () => {
        const accepted = await accept()
        const started = await saveEach(accepted, { type: 'started' })
        const late = happen(accepted, { type: 'logged', offset: 0, text: 'late' })
        expect(await store.save(accepted, late)).toBe(false)
        expect(await other.save(accepted, happen(accepted, { type: 'canceled' }))).toBe(false)
        expect(await store.find(accepted.id)).toEqual(started)
      })

      it('by two handles at once succeeds for exactly one, each time', async () => {
        let current = await accept({ iterates: true })
        for (let round = 0; round < 20; round++) {
          const mine = happen(current, emitted(round, [`first ${round}`]))
          const theirs = happen(current, emitted(round, [`second ${round}`]))
          const saved = await Promise.all([store.save(current, mine), other.save(current, theirs)])
          expect(saved.filter(Boolean)).toHaveLength(1)
          current = saved[0] ? mine : theirs
          expect(await store.find(current.id)).toEqual(current)
        }
      })

      it('by two handles that try again loses nothing', async () => {
        await accept({ iterates: true })
        async function append(handle: Store, mark: string) {
          for (let made = 0; made < 15; ) {
            const found = await handle.find(idOf(1))
            if (!found) throw new Error('The prediction is gone.')
            const known = Array.isArray(found.output) ? found.output.length : 0
            const next = happen(found, emitted(known, [`${mark} ${made}`]))
            if (await handle.save(found, next)) made++
          }
        }
        await Promise.all([append(store, 'first'), append(other, 'second')])
        const found = await store.find(idOf(1))
        const each = (mark: string) => Array.from({ length: 15 }, (_, index) => `${mark} ${index}`)
        expect([...((found?.output ?? []) as string[])].sort()).toEqual(
          [...each('first'), ...each('second')].sort(),
        )
        expect(found?.revision).toBe(31)
      })

      it('many in one turn keeps them all, and a failing one takes no other with it', async () => {
        await accept({ id: idOf(50) })
        const written = await Promise.allSettled([
          ...Array.from({ length: 30 }, (_, index) => accept({ id: idOf(100 + index) })),
          accept({ id: idOf(50) }),
          ...Array.from({ length: 30 }, (_, index) => accept({ id: idOf(200 + index) })),
        ])
        expect(written.map(({ status }) => status === 'rejected')).toEqual(
          written.map((_, index) => index === 30),
        )
        const { predictions } = await other.page({}, 100, null)
        expect(predictions).toHaveLength(61)
      })

      it('in one turn the same change twice succeeds once', async () => {
        const accepted = await accept()
        const started = happen(accepted, { type: 'started' })
        expect(
          await Promise.all([store.save(accepted, started), store.save(accepted, started)]),
        ).toEqual([true, false])
      })

      it('is never seen by halves', async () => {
        const accepted = await accept({ iterates: true })
        const states = [accepted]
        for (let step = 0; step < 40; step++) {
          const last = states.at(-1) ?? accepted
          const event =
            step < 39 ? emitted(step, [`item ${step}`]) : ({ type: 'succeeded' } as const)
          states.push(happen(last, event))
        }
        let done = false
        async function watch(handle: Store) {
          while (!done) {
            const found = await handle.find(accepted.id)
            expect(found).toEqual(states[(found?.revision ?? 0) - 1])
            await setImmediate()
          }
        }
        const watching = Promise.all([watch(store), watch(other), watch(other)])
        for (const [index, next] of states.slice(1).entries()) {
          const previous = states[index] ?? accepted
          const saving = store.save(previous, next)
          expect([previous, next]).toContainEqual(await store.find(accepted.id))
          await saving
        }
        done = true
        await watching
      })
    })

    describe('a page', () => {
      const ids = async (...asked: Parameters<Store['page']>) =>
        (await store.page(...asked)).predictions.map(({ id }) => id)

      async function everyPage(filter: Parameters<Store['page']>[0], limit: number) {
        const pages: string[][] = []
        let before: string | null = null
        do {
          const page = await store.page(filter, limit, before)
          pages.push(page.predictions.map(({ id }) => id))
          before = page.next
        } while (before !== null)
        return pages
      }

      it('is empty when there is nothing', async () => {
        expect(await store.page({}, 10, null)).toEqual({
          predictions: [],
          next: null,
          searchedBackTo: null,
        })
      })

      it('holds what a list shows, and nothing that can be long', async () => {
        const settled = await saveEach(
          await accept({ input: { image: uriOf(1) }, files: [fileOf(1)] }),
          { type: 'logged', offset: 0, text: 'hello\n' },
          emitted(0, ['Hello']),
          { type: 'failed', error: 'Out of memory.' },
        )
        const { id, model, version, status, attempt, revision, source, createdBy } = settled
        const { account, createdAt, startedAt, completedAt, visibility, parent, group } = settled
        const from = { id, model, version, status, attempt, revision, source, createdBy }
        const times = { account, createdAt, startedAt, completedAt, visibility, parent, group }
        const summary = { summary: 'picture 1.png', made: [], snippet: 'Hello' }
        expect((await store.page({}, 10, null)).predictions).toEqual([
          { ...from, ...times, ...summary },
        ])
      })

      it('is one of several, newest first, each prediction once', async () => {
        for (const number of [1, 2, 3, 4, 5])
          await accept({ id: idOf(number), createdAt: start + number * minute })
        expect(await everyPage({}, 2)).toEqual([[idOf(5), idOf(4)], [idOf(3), idOf(2)], [idOf(1)]])
        expect(await everyPage({}, 5)).toHaveLength(1)
      })

      it('splits predictions of the same moment without losing or repeating one', async () => {
        const all = Array.from({ length: 25 }, (_, index) => idOf(index))
        await Promise.all(all.map((id) => accept({ id })))
        const pages = await everyPage({}, 4)
        expect(pages.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4, 4, 1])
        expect(pages.flat().sort()).toEqual(all.sort())
      })

      it('goes on where the one before it ended, while new predictions arrive', async () => {
        for (const number of [1, 2, 3, 4])
          await accept({ id: idOf(number), createdAt: start + number })
        const top = await store.page({}, 2, null)
        await accept({ id: idOf(9), createdAt: start + 9 })
        await store.remove(idOf(3), start)
        expect(await ids({}, 2, top.next)).toEqual([idOf(2), idOf(1)])
      })

      it('is narrowed by model, status and viewer, and by all of them', async () => {
        const model = { owner: 'sandpit', name: 'count' }
        await accept({ id: idOf(1), createdAt: start + 1 })
        await accept({ id: idOf(2), createdAt: start + 2, model })
        await accept({ id: idOf(3), createdAt: start + 3, createdBy: 'bob' })
        await accept({ id: idOf(4), createdAt: start + 4, model, createdBy: 'bob' })
        const four = await store.find(idOf(4))
        if (four) await saveEach(four, { type: 'canceled' })

        expect(await ids({ model }, 10, null)).toEqual([idOf(4), idOf(2)])
        expect(await ids({ createdBy: 'bob' }, 10, null)).toEqual([idOf(4), idOf(3)])
        expect(await ids({ statuses: ['canceled', 'failed'] }, 10, null)).toEqual([idOf(4)])
        expect(await ids({ statuses: ['starting', 'canceled'] }, 10, null)).toHaveLength(4)
        const all = { model, createdBy: 'bob', statuses: ['canceled'] } as const
        expect(await ids(all, 10, null)).toEqual([idOf(4)])
        expect(await ids({ ...all, createdBy: 'ada' }, 10, null)).toEqual([])
        expect(await everyPage({ model }, 1)).toEqual([[idOf(4)], [idOf(2)]])
      })

      it('is narrowed by files, parent, favourites and visibility', async () => {
        await accept({ id: idOf(1), createdAt: start + 1, files: [fileOf(1)] })
        const child = { parent: idOf(1), visibility: 'private' } as const
        const second = await accept({ id: idOf(2), createdAt: start + 2, ...child })
        await accept({ id: idOf(3), createdAt: start + 3, visibility: 'private', createdBy: 'bob' })
        await store.setFavourite('ada', second, true)

        expect(await ids({ hasFiles: true }, 10, null)).toEqual([idOf(1)])
        expect(await ids({ isTop: true }, 10, null)).toEqual([idOf(3), idOf(1)])
        expect(
          await ids({ visible: { createdBy: 'ada', accounts: [], hidden: [] } }, 10, null),
        ).toEqual([idOf(2), idOf(1)])
        expect(await ids({ favouriteOf: 'ada' }, 10, null)).toEqual([idOf(2)])
        expect(await ids({ favouriteOf: 'ada', isTop: true }, 10, null)).toEqual([])
        expect(await ids({ favouriteOf: 'bob' }, 10, null)).toEqual([])
      })

      it('of several statuses is in the order of all', async () => {
        for (const number of [1, 2, 3, 4, 5, 6])
          await accept({
            id: idOf(number),
            createdAt: start + number,
            status: number % 2 ? 'failed' : 'aborted',
          })
        const pages = await everyPage({ statuses: ['failed', 'aborted'] }, 4)
        expect(pages).toEqual([[6, 5, 4, 3].map(idOf), [2, 1].map(idOf)])
      })
    })

    describe('a search', () => {
      const found = async (text: string, more: PredictionFilter = {}) =>
        (await other.page({ text, ...more }, 10, null)).predictions.map(({ id }) => id)

      async function settle(number: number, prompt: string, output: Json) {
        const createdAt = start + number * minute
        const given = { id: idOf(number), createdAt, input: { prompt } }
        return saveEach(await accept(given), emitted(0, [output]), { type: 'succeeded' })
      }

      it('finds settled predictions by all of its words, newest first', async () => {
        await settle(1, 'A paper lantern', 'a dark sky')
        await settle(2, 'Two lanterns', 'a bright SKY')
        await accept({ id: idOf(3), createdAt: start + 3 * minute, input: { prompt: 'lantern' } })
        expect(await found('lantern')).toEqual([idOf(2), idOf(1)])
        expect(await found('lanterns sky bright')).toEqual([idOf(2)])
        expect(await found('lantern moon')).toEqual([])
        expect(await found('lantern', { createdBefore: start + 2 * minute })).toEqual([idOf(1)])
        expect(await found('lantern', { createdAfter: start + minute })).toEqual([idOf(2)])
        expect(await found('lantern', { statuses: ['failed'] })).toEqual([])
      })

      it.each([
        '"',
        "'",
        '*',
        'a" OR "b',
        'NEAR(',
        '-',
        'words:',
        '\0',
        '\ud800',
        '^',
        '()',
        'AND',
      ])('takes %j for words, not for syntax', async (text) => {
        await settle(1, 'a cat', 'b')
        expect(await found(text)).toEqual([])
      })

      it('no longer finds what was removed', async () => {
        await settle(1, 'lantern', '')
        await settle(2, 'lantern', '')
        await store.remove(idOf(2), start)
        await settle(3, 'candle', '')
        expect(await found('lantern')).toEqual([idOf(1)])
      })

      it('is one of several pages, each prediction once', async () => {
        for (const number of [1, 2, 3, 4, 5]) await settle(number, 'lantern', '')
        const pages: string[][] = []
        let before: string | null = null
        do {
          const page = await store.page({ text: 'lantern' }, 2, before)
          pages.push(page.predictions.map(({ id }) => id))
          before = page.next
        } while (before !== null)
        expect(pages).toEqual([[idOf(5), idOf(4)], [idOf(3), idOf(2)], [idOf(1)]])
      })
    })

    describe('sub-runs', () => {
      it('are the first of each prediction that has any', async () => {
        await accept()
        await accept({ id: idOf(2), createdAt: start + 1 })
        for (const number of [3, 4, 5])
          await accept({ id: idOf(number), parent: idOf(1), createdAt: start + number })
        const children = await store.childrenAmong([idOf(1), idOf(2), idOf(3)], 2)
        expect([...children.keys()]).toEqual([idOf(1)])
        expect(children.get(idOf(1))?.map(({ id }) => id)).toEqual([idOf(3), idOf(4)])
      })
    })

    describe('a favourite', () => {
      const among = (viewer: string) => other.favouritesAmong(viewer, [idOf(1), idOf(2)])

      it('is one of its viewer alone, until it is taken back', async () => {
        const prediction = await accept()
        await store.setFavourite('ada', prediction, true)
        await store.setFavourite('ada', prediction, true)
        expect([await among('ada'), await among('bob')]).toEqual([new Set([idOf(1)]), new Set()])
        await store.setFavourite('ada', prediction, false)
        expect(await among('ada')).toEqual(new Set())
      })

      it('goes with its prediction', async () => {
        await store.setFavourite('ada', await accept(), true)
        await store.remove(idOf(1), start)
        expect(await among('ada')).toEqual(new Set())
      })
    })

    describe('what is not settled', () => {
      it('is found whole, oldest first', async () => {
        const late = await accept({ id: idOf(1), createdAt: start + 2 })
        const early = await saveEach(
          await accept({ id: idOf(2), createdAt: start + 1, iterates: true }),
          emitted(0, ['a']),
          { type: 'logged', offset: 0, text: 'hello\n' },
        )
        await saveEach(await accept({ id: idOf(3) }), { type: 'canceled' })
        expect(await store.unsettled()).toEqual([early, late])
      })
    })

    describe('a version', () => {
      const schemas: JsonObject = {
        Input: { properties: { seed: { maximum: 18446744073709551615n, default: 'a\0b😀' } } },
      }

      it('is kept with the first prediction of it, and never changes', async () => {
        const version = versionOf({ schema: readSchema(schemas) })
        await store.accept(predictionOf(), version, null)
        const later = versionOf({ schema: readSchema({}), createdAt: start + minute })
        await store.accept(predictionOf({ id: idOf(2) }), later, null)
        expect(await other.findVersion(version.model, version.id)).toEqual(version)
      })

      it('is known by its id alone', async () => {
        expect(await store.modelOfVersion(versionOf().id)).toBeNull()
        await accept()
        expect(await other.modelOfVersion(versionOf().id)).toEqual(versionOf().model)
      })

      it('outlives its predictions', async () => {
        await accept()
        await store.remove(idOf(1), start)
        expect(await store.findVersion(versionOf().model, versionOf().id)).toEqual(versionOf())
      })

      it('belongs to its model', async () => {
        await accept()
        const stranger = { owner: 'sandpit', name: 'other' }
        expect(await store.findVersion(stranger, versionOf().id)).toBeNull()
        expect(await store.findVersion(versionOf().model, 'e'.repeat(64))).toBeNull()
      })

      it('is kept by itself, once', async () => {
        await store.addVersion(versionOf())
        await other.addVersion(versionOf({ schema: readSchema({}), createdAt: start + minute }))
        expect(await other.findVersion(versionOf().model, versionOf().id)).toEqual(versionOf())
      })

      it('is listed with those of its model, newest first, and with how often it was run', async () => {
        const later = versionOf({ id: 'e'.repeat(64), createdAt: start + minute })
        await accept()
        await accept({ id: idOf(2) })
        await store.addVersion(later)
        await store.addVersion(versionOf({ model: { owner: 'sandpit', name: 'other' } }))
        await store.remove(idOf(2), start)
        expect(await other.versionsOf(versionOf().model)).toEqual([
          { id: later.id, createdAt: start + minute, firstRunAt: null, runs: 0 },
          { id: versionOf().id, createdAt: start, firstRunAt: start, runs: 2 },
        ])
        expect(await store.versionsOf({ owner: 'sandpit', name: 'none' })).toEqual([])
      })

      it('is forgotten only when no prediction is of it', async () => {
        const { model, id } = versionOf()
        expect(await store.removeVersion(model, id)).toBe(false)
        await accept()
        expect(await other.removeVersion(model, id)).toBe(false)
        expect(await store.findVersion(model, id)).toEqual(versionOf())
        await store.remove(idOf(1), start)
        expect(await store.removeVersion(model, id)).toBe(true)
        expect(await store.findVersion(model, id)).toBeNull()
      })
    })

    describe('the durations of a model’s last runs', () => {
      it('are of those that succeeded, the latest first', async () => {
        for (const [at, end] of (['succeeded', 'failed', 'succeeded'] as const).entries()) {
          const accepted = await accept({ id: idOf(at + 1), createdAt: start + at })
          const begun = apply(accepted, { type: 'started', at: start + 1_000 })
          const event = end === 'failed' ? { type: end, error: 'No.' } : { type: end }
          const over = apply(begun, { ...event, at: start + 2_000 + at })
          await store.save(accepted, over)
        }
        expect(await store.lastRunTimes(predictionOf().model, 20)).toEqual([1_002, 1_000])
        expect(await store.lastRunTimes(predictionOf().model, 1)).toEqual([1_002])
        expect(await store.lastRunTimes({ owner: 'ann', name: 'other' }, 20)).toEqual([])
      })
    })

    describe('what a viewer has used', () => {
      it('is of their predictions since a moment, and of the time that these ran', async () => {
        for (const at of [0, 1, 2]) {
          const accepted = await accept({ id: idOf(at + 1), createdAt: start + at })
          const begun = apply(accepted, { type: 'started', at: start + 1_000 })
          if (at > 0)
            await store.save(accepted, apply(begun, { type: 'succeeded', at: start + 1_500 }))
        }
        await accept({ id: idOf(4), createdAt: start + 3, createdBy: 'somebody else' })
        const { createdBy } = predictionOf()
        expect(await other.usedSince(createdBy, start)).toEqual({ runs: 3, ms: 1_000 })
        expect(await other.usedSince(createdBy, start + 2)).toEqual({ runs: 1, ms: 500 })
        expect(await other.usedSince(createdBy, start + 3)).toEqual({ runs: 0, ms: 0 })
        expect(await other.usedSince('nobody', start)).toEqual({ runs: 0, ms: 0 })
      })
    })

    describe('the number of runs of a model', () => {
      it('counts each that was ever accepted, over all versions', async () => {
        expect(await store.runCounts()).toEqual(new Map())
        const submitted = { key: 'a press', since: start }
        await store.accept(predictionOf(), versionOf(), submitted)
        await store.accept(predictionOf({ id: idOf(2) }), versionOf(), submitted)
        const newer = versionOf({ id: 'e'.repeat(64) })
        await store.accept(predictionOf({ id: idOf(3), version: newer.id }), newer, null)
        const model = { owner: 'ann', name: 'upscale' }
        await other.accept(predictionOf({ id: idOf(4), model }), versionOf({ model }), null)
        await store.remove(idOf(4), start)
        expect(await store.runCounts()).toEqual(
          new Map([
            ['ann/upscale', 1],
            ['sandpit/hello-world', 2],
          ]),
        )
      })
    })

    describe('a deployment', () => {
      const deployment: Deployment = {
        ref: { owner: 'ann', name: 'portraits' },
        current: {
          number: 1,
          model: { owner: 'sandpit', name: 'hello-world' },
          version: 'f'.repeat(64),
          hardware: 'sandpit',
          minInstances: 0,
          maxInstances: 2,
          idleMs: null,
          createdAt: start,
          createdBy: 'ann',
        },
      }

      it('is kept, and replaced by its next release', async () => {
        const second = { ...deployment, ref: { owner: 'ann', name: 'another' } }
        const current = { ...second.current, createdAt: start + 1 }
        await store.saveDeployment(deployment)
        await store.saveDeployment({ ...second, current })
        const by = { createdAt: start + minute, createdBy: 'bob' }
        const next = released(deployment, { maxInstances: 5 }, by)
        await other.saveDeployment(next)
        expect(await store.deployments()).toEqual([next, { ...second, current }])
        expect(next.current).toMatchObject({ number: 2, maxInstances: 5, createdBy: 'bob' })
        const late = released(deployment, { maxInstances: 9 }, by)
        expect([await store.saveDeployment(late), await store.saveDeployment(deployment)]).toEqual([
          false,
          false,
        ])
        expect(await store.deployments()).toEqual([next, { ...second, current }])
        expect(released(next, { maxInstances: 5 }, by)).toBe(next)
      })

      it('is removed', async () => {
        await store.saveDeployment(deployment)
        expect(await other.removeDeployment(deployment.ref)).toBe(true)
        expect(await store.deployments()).toEqual([])
        expect(await store.removeDeployment(deployment.ref)).toBe(false)
        const next = { ...deployment, current: { ...deployment.current, number: 2 } }
        expect(await store.saveDeployment(next)).toBe(false)
      })
    })

    describe('files', () => {
      const [cat, dog] = [fileOf(1), fileOf(2)]
      const withFiles = (number: number, ...files: readonly StoredFile[]) =>
        accept({ id: idOf(number), files, input: { images: files.map(({ ref }) => ref) } })

      it('are known by their reference, first without a prediction, then with one', async () => {
        expect(await store.findFile(cat.ref)).toBeNull()
        await store.addFile(cat, 'ada', start)
        expect(await other.findFile(cat.ref)).toMatchObject({ file: cat, prediction: null })
        await withFiles(1, cat)
        expect(await other.findFile(cat.ref)).toMatchObject({ file: cat, prediction: idOf(1) })
      })

      it('are referred to as soon as a prediction with them is accepted', async () => {
        await withFiles(1, cat, dog)
        expect(await other.findFile(dog.ref)).toMatchObject({ file: dog, prediction: idOf(1) })
      })

      it('stay with the prediction that had them first', async () => {
        await withFiles(1, cat)
        await withFiles(2, cat)
        expect((await store.findFile(cat.ref))?.prediction).toBe(idOf(1))
      })

      it('are referred to as soon as the output that has them is saved', async () => {
        const running = await saveEach(await accept(), { ...emitted(0, ['x']), files: [dog] })
        expect(await other.findFile(dog.ref)).toMatchObject({ file: dog, prediction: running.id })
      })

      it('of a prediction that runs again go, but for those of its input', async () => {
        await saveEach(
          await accept({ input: { image: uriOf(1) }, files: [cat] }),
          { ...emitted(0, [uriOf(2)]), files: [dog] },
          { type: 'interrupted', rerun: true },
        )
        expect(await store.findFile(cat.ref)).not.toBeNull()
        expect(await store.findFile(dog.ref)).toBeNull()
      })

      it('of a removed prediction have no links any more', async () => {
        await withFiles(1, cat)
        await withFiles(2, dog)
        await store.remove(idOf(1), start)
        expect(await store.findFile(cat.ref)).toBeNull()
        expect(await store.findFile(dog.ref)).not.toBeNull()
      })

      it('are among the known contents until they are forgotten', async () => {
        await withFiles(1, cat)
        await store.addFile(dog, 'ada', start)
        const asked = [cat.sha256, dog.sha256, fileOf(3).sha256]
        expect(await store.knownContents(asked)).toEqual(new Set([cat.sha256, dog.sha256]))
        expect(await store.knownContents([])).toEqual(new Set())
        await store.forget(start + 1, 10)
        expect(await store.knownContents(asked)).toEqual(new Set([cat.sha256]))
      })

      it('with an unusual name and a great size are found as they are', async () => {
        const odd = fileOf(1, { name: 'Ünï 😀 100% "x".png', size: 2 ** 40 + 1 })
        await store.addFile(odd, 'ada', start)
        expect((await store.findFile(odd.ref))?.file).toEqual(odd)
      })
    })

    describe('uploads', () => {
      const upload = (number: number, createdAt = start): Upload => ({
        file: fileOf(number),
        owner: 'token:ada',
        metadata: { order: 2n ** 60n },
        createdAt,
      })

      it('are found by their reference as they were added', async () => {
        expect(await store.findUpload(fileOf(1).ref)).toBeNull()
        await store.addUpload(upload(1))
        expect(await other.findUpload(fileOf(1).ref)).toEqual(upload(1))
        expect(await other.findFile(fileOf(1).ref)).toMatchObject({
          file: fileOf(1),
          prediction: null,
        })
      })

      it('are listed newest first, page by page, and no other file with them', async () => {
        await store.addFile(fileOf(9), 'ada', start)
        const all = [upload(1), upload(2), upload(3, start + 1), upload(4, start - 1)]
        for (const one of all) await store.addUpload(one)
        await store.addUpload({ ...upload(5), owner: 'token:ben' })
        const first = await other.uploads('token:ada', 3, null)
        const second = await other.uploads('token:ada', 3, first.next)
        expect(second.next).toBeNull()
        expect(first.uploads).toHaveLength(3)
        const listed = [...first.uploads, ...second.uploads]
        expect(listed.map(({ createdAt }) => createdAt - start)).toEqual([1, 0, 0, -1])
        expect(new Set(listed.map(({ file }) => file.ref)).size).toBe(4)
      })

      it('go when they are removed, unless a prediction has them', async () => {
        await store.addUpload(upload(1))
        await store.addUpload(upload(2))
        await store.accept(predictionOf({ files: [fileOf(2)] }), versionOf(), null)
        for (const number of [1, 2]) {
          expect(await store.findUpload(fileOf(number).ref)).toEqual(upload(number))
          expect(await store.removeUpload(fileOf(number).ref, start)).toBe(true)
          expect(await store.removeUpload(fileOf(number).ref, start)).toBe(false)
          expect(await other.findUpload(fileOf(number).ref)).toBeNull()
        }
        expect(await other.findFile(fileOf(1).ref)).toBeNull()
        expect(await other.findFile(fileOf(2).ref)).not.toBeNull()
        expect((await other.uploads('token:ada', 10, null)).uploads).toEqual([])
      })

      it('are forgotten like any other file that no prediction took', async () => {
        await store.addUpload(upload(1))
        expect(await store.forget(start + 1, 10)).toEqual([fileOf(1).sha256])
        expect(await other.findUpload(fileOf(1).ref)).toBeNull()
      })

      it('are nobody’s to remove when they came with a form', async () => {
        await store.addFile(fileOf(1), 'ada', start)
        expect(await store.removeUpload(fileOf(1).ref, start)).toBe(false)
        expect(await store.findFile(fileOf(1).ref)).not.toBeNull()
      })
    })

    describe('forgetting', () => {
      const cat = fileOf(1)
      const sameCat = fileOf(1, { ref: fileOf(77).ref, name: 'same.png' })

      it('takes an upload that no prediction ever had, once it is old enough', async () => {
        await store.addFile(cat, 'ada', start)
        expect(await store.forget(start, 10)).toEqual([])
        expect(await store.findFile(cat.ref)).not.toBeNull()
        expect(await store.forget(start + 1, 10)).toEqual([cat.sha256])
        expect(await store.findFile(cat.ref)).toBeNull()
        expect(await store.forget(start + 1, 10)).toEqual([])
      })

      it('takes nothing that a prediction refers to, however old', async () => {
        await accept({ files: [cat] })
        expect(await store.forget(start + 1e9, 10)).toEqual([])
      })

      it('takes the files of a removed prediction only after the limit', async () => {
        await accept({ files: [cat] })
        await store.remove(idOf(1), start + minute)
        expect(await store.forget(start + minute, 10)).toEqual([])
        expect(await store.forget(start + minute + 1, 10)).toEqual([cat.sha256])
      })

      it('takes a content only when its last reference is gone', async () => {
        await accept({ id: idOf(1), files: [cat] })
        await accept({ id: idOf(2), files: [sameCat] })
        await store.remove(idOf(1), start)
        expect(await store.forget(start + 1e9, 10)).toEqual([])
        await store.remove(idOf(2), start + minute)
        expect(await store.forget(start + minute, 10)).toEqual([])
        expect(await store.forget(start + minute + 1, 10)).toEqual([cat.sha256])
      })

      it('does not take a content that an abandoned upload shares with a prediction', async () => {
        await store.addFile(sameCat, 'ada', start)
        await accept({ files: [cat] })
        expect(await store.forget(start + 1e9, 10)).toEqual([])
        expect(await store.findFile(sameCat.ref)).toBeNull()
        expect(await store.findFile(cat.ref)).not.toBeNull()
      })

      it('does not take a content that is referred to again', async () => {
        await accept({ files: [cat] })
        await store.remove(idOf(1), start)
        await store.addFile(sameCat, 'ada', start + minute)
        expect(await store.forget(start + minute, 10)).toEqual([])
        expect(await store.knownContents([cat.sha256])).toEqual(new Set([cat.sha256]))
      })

      it('takes no more than its limit at once, and the rest in the end', async () => {
        const all = Array.from({ length: 7 }, (_, index) => fileOf(index + 1))
        await Promise.all(all.map((file) => store.addFile(file, 'ada', start)))
        const batches: number[] = []
        const gone = new Set<string>()
        for (let batch = await store.forget(start + 1, 3); batch.length > 0; ) {
          batches.push(batch.length)
          for (const sha256 of batch) gone.add(sha256)
          batch = await store.forget(start + 1, 3)
        }
        expect(Math.max(...batches)).toBeLessThanOrEqual(3)
        expect(gone).toEqual(new Set(all.map(({ sha256 }) => sha256)))
      })
    })

    it('keeps what an upstream calls a run and measured of it', async () => {
      const prediction = await accept()
      const measured = { output_token_count: 18446744073709551615n }
      const last = await saveEach(
        prediction,
        { type: 'submitted', remote: 'upstream-1' },
        { type: 'measured', metrics: measured },
      )
      expect(await other.find(prediction.id)).toEqual(last)
      expect(last).toMatchObject({ remote: 'upstream-1', metrics: measured })
    })

    it('keeps what a prediction went through, and finds the last run that booted its model', async () => {
      const booted = { type: 'entered', phase: 'booting' } as const
      const saved = { type: 'entered', phase: 'saving' } as const
      const done = [{ type: 'started' }, saved, { type: 'succeeded' }] as const
      const runs = [[booted, ...done], done, [booted, { type: 'failed', error: 'No.' }]] as const
      for (const [at, events] of runs.entries())
        await saveEach(await accept({ id: idOf(at + 1), createdAt: start + at }), ...events)
      const first = await other.find(idOf(1))
      expect(first?.phases.map(({ phase }) => phase)).toEqual(['booting', 'saving'])
      const { model } = predictionOf()
      const { createdAt, startedAt, completedAt, phases } = first ?? predictionOf()
      const times = { createdAt, startedAt, completedAt, phases }
      expect(await other.lastColdStart(model)).toEqual({ id: idOf(1), ...times })
      expect(await other.lastColdStart({ owner: 'ann', name: 'other' })).toBeNull()
    })

    it('finds what the model of a prediction asked for', async () => {
      await accept({ id: idOf(1) })
      await accept({ id: idOf(3), parent: idOf(1), createdAt: start + 2 })
      await accept({ id: idOf(2), parent: idOf(1), createdAt: start + 1 })
      await accept({ id: idOf(4), parent: idOf(2) })
      expect((await other.childrenOf(idOf(1))).map(({ id }) => id)).toEqual([idOf(2), idOf(3)])
    })

    it('says how far predictions have come, with their sub-runs', async () => {
      const first = await accept({ id: idOf(1) })
      const child = await accept({ id: idOf(2), parent: idOf(1) })
      await accept({ id: idOf(3) })
      const ids = [idOf(1), idOf(2), idOf(3), idOf(4)]
      const before = await other.revisionsOf(ids)
      expect(before.get(idOf(1))).toEqual({
        revision: first.revision,
        beneath: child.revision + 1,
        waits: true,
      })
      expect(before.get(idOf(3))?.beneath).toBe(0)
      expect(before.has(idOf(4))).toBe(false)
      const ended = happen(child, { type: 'canceled' })
      await store.save(child, ended)
      const after = await other.revisionsOf(ids)
      expect(after.get(idOf(1))?.beneath).toBe(ended.revision + 1)
      expect(after.get(idOf(2))).toMatchObject({ revision: ended.revision, waits: false })
      expect(await store.revisionsOf([])).toEqual(new Map())
    })

    it('lists by source and by time', async () => {
      await accept({ id: idOf(1), createdAt: start, source: 'api' })
      await accept({ id: idOf(2), createdAt: start + 1 })
      await accept({ id: idOf(3), createdAt: start + 2 })
      const listed = async (filter: PredictionFilter) =>
        (await store.page(filter, 10, null)).predictions.map(({ id }) => id)
      expect(await listed({ source: 'api' })).toEqual([idOf(1)])
      expect(await listed({ createdAfter: start })).toEqual([idOf(3), idOf(2)])
      expect(await listed({ createdAfter: start, createdBefore: start + 2 })).toEqual([idOf(2)])
    })

    describe('what an operator said of models', () => {
      const ref = { owner: 'ann', name: 'upscale' }
      const record: ModelRecord = {
        ref,
        source: { provider: 'cog', urls: ['http://gpu-1:5000'] },
        hardware: 'gpu-large',
        settings: noSettings,
        createdAt: start,
        updatedAt: start,
      }

      it('is kept, and replaced', async () => {
        await store.saveModel(record)
        expect(await other.models()).toEqual([record])
        const paused = { ...noSettings, intake: 'paused', copies: 2 } as const
        const later = { ...record, source: null, settings: paused, updatedAt: start + 1 }
        await other.saveModel(later)
        expect(await store.models()).toEqual([later])
      })

      it('is removed', async () => {
        await store.saveModel(record)
        expect(await other.removeModel(ref)).toBe(true)
        expect(await store.models()).toEqual([])
        expect(await store.removeModel(ref)).toBe(false)
      })
    })

    describe('the edit of a model', () => {
      const ref = { owner: 'ann', name: 'upscale' }
      const day = 24 * 60 * minute
      const edit: ModelEdit = {
        ref,
        fields: {
          ...noFields,
          description: 'Larger pictures.',
          github: '',
          cover: { file: fileOf(1) },
          tags: ['pictures', 'large'],
          visibility: 'private',
          defaultExample: idOf(1),
          countsAs: { text: 'prompt' },
        },
        revision: 1,
        updatedAt: start,
        updatedBy: 'ann',
      }
      const next = { ...edit, fields: noFields, revision: 2, updatedAt: start + 1 }

      it('is kept, and replaced by whoever saw its last revision', async () => {
        expect(await store.saveModelEdit(edit, 0)).toBe(true)
        expect(await other.modelEdits()).toEqual([edit])
        expect(await other.saveModelEdit({ ...next, updatedBy: 'bob' }, 0)).toBe(false)
        expect(await other.saveModelEdit(next, 1)).toBe(true)
        expect(await store.modelEdits()).toEqual([next])
        expect(await store.removeModelEdit(ref, start)).toBe(true)
        expect(await store.modelEdits()).toEqual([])
        expect(await store.removeModelEdit(ref, start)).toBe(false)
      })

      it('keeps the file of its cover until it has another', async () => {
        await store.addFile(fileOf(1), 'ada', start)
        await store.saveModelEdit(edit, 0)
        expect(await store.forget(start + day, 10)).toEqual([])
        expect(await store.findFile(fileOf(1).ref)).not.toBeNull()
        await store.saveModelEdit(next, 1)
        expect(await store.findFile(fileOf(1).ref)).toBeNull()
        expect(await store.forget(start + day, 10)).toEqual([fileOf(1).sha256])
      })
    })

    describe('the key of an upstream', () => {
      const address = 'http://gpu-1:8000/v1'
      const key = { address, sealed: 'abc', updatedAt: start, updatedBy: 'ann' }

      it('is kept, replaced and removed', async () => {
        await store.saveUpstreamKey(key)
        expect(await other.upstreamKeys()).toEqual([key])
        const next = { ...key, sealed: 'def', updatedAt: start + 1, updatedBy: 'bob' }
        await other.saveUpstreamKey(next)
        expect(await store.upstreamKeys()).toEqual([next])
        expect(await store.removeUpstreamKey(address)).toBe(true)
        expect(await store.upstreamKeys()).toEqual([])
        expect(await store.removeUpstreamKey(address)).toBe(false)
      })
    })

    describe('the texts of models', () => {
      const texts = {
        name: ' ann upscale ',
        description: ' larger ',
        inputs: ' photo ',
        readme: '',
      }
      const upscale = { owner: 'ann', name: 'upscale' }
      const story = { owner: 'ann', name: 'story' }
      const all = ['name', 'description', 'inputs', 'readme'] as const

      it('are found by their parts, those with the most parts first', async () => {
        const other = { ...texts, name: ' ann story ', description: ' large ' }
        await store.indexModels([{ ref: story, signature: 'a', texts: other }], start)
        await store.indexModels([{ ref: upscale, signature: 'b', texts }], start)
        const find = (
          parts: readonly string[],
          least: number,
          fields: typeof all | ['name'] = all,
        ) => store.findModels({ parts, fields, least, most: 5 })
        expect(await find(['lar', 'arg', 'ger'], 3)).toEqual([upscale])
        expect(await find(['lar', 'arg', 'ger'], 2)).toEqual([upscale, story])
        expect(await find(['lar'], 1, ['name'])).toEqual([])
        expect(await find(['"*"', 'a"b'], 1)).toEqual([])
        await store.indexModels([{ ref: upscale, signature: 'c', texts: other }], start)
        expect(await find(['ger'], 1)).toEqual([])
      })

      it('are signed, beside the time when their model was first seen', async () => {
        await store.seeModels([upscale, story], start)
        await store.seeModels([upscale], start + 1)
        await store.indexModels([{ ref: upscale, signature: 'a', texts }], start + 2)
        expect(await other.seenModels()).toEqual([
          { ref: upscale, seenAt: start, signature: 'a' },
          { ref: story, seenAt: start, signature: null },
        ])
      })
    })

    it('keeps a collection, for whoever saw its last revision', async () => {
      const prints = { slug: 'prints', title: 'Prints', summary: '', createdAt: start }
      const models = [{ owner: 'ann', name: 'upscale' }]
      const first = { ...prints, models, revision: 1, updatedAt: start }
      const second = { ...first, models: [], revision: 2, updatedAt: start + 1 }
      expect(await store.saveCollection(first, 0)).toBe(true)
      expect(await other.saveCollection(second, 0)).toBe(false)
      expect(await other.collections()).toEqual([first])
      expect(await other.saveCollection(second, 1)).toBe(true)
      expect(await store.collections()).toEqual([second])
      expect(await store.removeCollection('prints')).toBe(true)
      expect(await store.removeCollection('prints')).toBe(false)
    })

    describe('what a webhook is to be told', () => {
      const url = 'https://ann.example:8443/hook?of=ann'
      const receiver = 'https://ann.example:8443'
      const pending = {
        prediction: idOf(1),
        receiver,
        state: 'pending',
        tries: 0,
        answer: null,
        triedAt: null,
      } as const
      const waiting = { ...pending, state: 'waiting', nextAt: null } as const
      const acceptTold = (number: number, events: readonly WebhookEvent[], to = url) =>
        accept({ id: idOf(number), webhook: { url: to, events } })

      it('is kept with the save that it is about: first the start, behind it the end', async () => {
        const running = await saveEach(await acceptTold(1, webhookEvents), { type: 'started' })
        const began = { ...pending, event: 'start', nextAt: start + 1000, createdAt: start + 1000 }
        expect(await other.deliveriesOf(idOf(1))).toEqual([began])
        await saveEach(running, emitted(0, ['a']), { type: 'succeeded' })
        const ended = { ...waiting, event: 'completed', createdAt: start + 3000 }
        expect(await other.deliveriesOf(idOf(1))).toEqual([began, ended])
        expect(await other.pendingDeliveries(receiver, 10)).toEqual([began])
      })

      it('of a run that begins and ends at once is both', async () => {
        await saveEach(await acceptTold(1, webhookEvents), { type: 'succeeded' })
        const states = (await store.deliveriesOf(idOf(1))).map(({ event, state }) => [event, state])
        expect(states).toEqual([
          ['start', 'pending'],
          ['completed', 'waiting'],
        ])
      })

      it('is what was asked for, once', async () => {
        await saveEach(await accept({ id: idOf(2) }), { type: 'started' }, { type: 'succeeded' })
        await saveEach(
          await acceptTold(3, ['start', 'output', 'logs']),
          { type: 'started' },
          { type: 'interrupted', rerun: true },
          { type: 'started' },
          { type: 'succeeded' },
        )
        await saveEach(
          await acceptTold(4, ['completed']),
          { type: 'started' },
          { type: 'canceled' },
        )
        const told = await Promise.all([2, 3, 4].map((number) => store.deliveriesOf(idOf(number))))
        expect(told.map((all) => all.map(({ event, state }) => [event, state]))).toEqual([
          [],
          [['start', 'pending']],
          [['completed', 'pending']],
        ])
      })

      it('is not kept by a save that is refused', async () => {
        const accepted = await acceptTold(1, webhookEvents)
        const started = happen(accepted, { type: 'started' })
        await Promise.all([store.save(accepted, started), other.save(accepted, started)])
        expect(await store.deliveriesOf(idOf(1))).toHaveLength(1)
        const late = happen(accepted, { type: 'canceled' })
        expect(await other.save(accepted, late)).toBe(false)
        expect(await store.deliveriesOf(idOf(1))).toHaveLength(1)
      })

      it('is tried in the order of its time, receiver by receiver', async () => {
        const later = await acceptTold(1, ['start'])
        const others = await acceptTold(3, ['start'], 'http://ben.example/')
        const fourth = await saveEach(await acceptTold(4, ['start']), {
          type: 'progressed',
          progress: {},
        })
        await saveEach(later, { type: 'logged', offset: 0, text: 'booting' }, { type: 'started' })
        await saveEach(await acceptTold(2, ['start']), { type: 'started' })
        await saveEach(others, { type: 'started' })
        await saveEach(fourth, { type: 'logged', offset: 0, text: '1' }, { type: 'started' })
        const due = async (name: string, limit: number) =>
          (await store.pendingDeliveries(name, limit)).map(({ prediction }) => prediction)
        expect(await due(receiver, 10)).toEqual([2, 1, 4].map(idOf))
        expect(await due(receiver, 1)).toEqual([idOf(2)])
        expect(await due('http://ben.example', 10)).toEqual([idOf(3)])
        expect(await due('http://nobody.example', 10)).toEqual([])
        expect(await store.receivers()).toEqual(['http://ben.example', receiver])
      })

      it('is tried again at its time, until it has arrived; then the one behind it is', async () => {
        const settled = await saveEach(await acceptTold(1, webhookEvents), { type: 'succeeded' })
        const [began] = await store.deliveriesOf(settled.id)
        if (!began) throw new Error('Nothing was kept.')
        const again = {
          ...began,
          tries: 1,
          nextAt: start + minute,
          answer: '503',
          triedAt: start + 5000,
        }
        await store.keepTry(again)
        expect((await other.deliveriesOf(settled.id))[0]).toEqual(again)
        expect(await other.pendingDeliveries(receiver, 10)).toEqual([again])
        const over = { ...again, tries: 2, answer: '200', triedAt: start + minute, nextAt: null }
        await other.keepTry({ ...over, state: 'delivered' })
        const [first, second] = await store.deliveriesOf(settled.id)
        expect(first).toEqual({ ...over, state: 'delivered' })
        expect(second).toMatchObject({ state: 'pending', tries: 0, nextAt: start + minute })
        expect(await store.pendingDeliveries(receiver, 10)).toEqual([second])
      })

      it('is gone with its prediction, and comes back by no try', async () => {
        const settled = await saveEach(await acceptTold(1, webhookEvents), { type: 'succeeded' })
        const [began] = await store.deliveriesOf(settled.id)
        if (!began) throw new Error('Nothing was kept.')
        await store.remove(settled.id, start)
        await store.keepTry({ ...began, tries: 1, answer: '503', triedAt: start })
        expect(await store.deliveriesOf(settled.id)).toEqual([])
        expect(await store.receivers()).toEqual([])
      })
    })

    it('answers when asked whether it is there', async () => {
      await expect(store.ping()).resolves.toBeUndefined()
    })

    it('finishes writes under way before it closes', async () => {
      const writing = accept()
      await store.close()
      await expect(writing).resolves.toEqual(predictionOf())
      expect(await other.find(idOf(1))).toEqual(predictionOf())
    })
  })
}

function happen(prediction: Prediction, event: Occurrence): Prediction {
  return apply(prediction, { ...event, at: start + prediction.revision * 1000 })
}

function emitted(index: number, chunks: readonly Json[]) {
  return { type: 'emitted', index, chunks } as const
}
