import { describe, expect, it } from 'vitest'
import { noFields } from '../../src/domain/model/edit.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { embedOf } from '../support/embeds.ts'
import { groupOf, runOf } from '../support/groups.ts'
import { personOf } from '../support/people.ts'
import { ofPrediction, shareOf } from '../support/shares.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

/** The contract of `ShareStore` and `RetentionStore`, for every database. */
export function describeShareStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    let other: Store
    openEach(open, (opened) => {
      store = opened.first
      other = opened.second
    })

    /** Settled predictions of the same model, one each minute. */
    async function addPredictions(count: number, changes: object = {}): Promise<string[]> {
      const ids: string[] = []
      for (let number = 1; number <= count; number++) {
        const id = idOf(number)
        const made = predictionOf({ id, createdAt: start + number * 60_000, ...changes })
        await store.accept(made, versionOf(), null)
        const settled = { ...made, status: 'succeeded', revision: 2, completedAt: start } as const
        await store.save(made, settled)
        ids.push(id)
      }
      return ids
    }

    describe('an embed link', () => {
      const model = versionOf().model

      it('is found by its hash, as it was kept, and kept once', async () => {
        const link = embedOf('token', { model, signIn: true, runsPerDay: 20, expiresAt: start })
        expect(await store.addEmbed(link)).toBe(true)
        expect(await other.addEmbed({ ...link, runsPerDay: 1 })).toBe(false)
        expect(await other.findEmbed(link.hash)).toEqual(link)
        expect(await store.findEmbed('another hash')).toBeNull()
      })

      it('counts its runs', async () => {
        const link = embedOf('token', { model })
        await store.addEmbed(link)
        await Promise.all([store, other].map((one) => one.useEmbed(link.id, start + 1)))
        expect(await store.findEmbed(link.hash)).toMatchObject({ runs: 2, usedAt: start + 1 })
      })

      it('ends once, and leaves the list of its model', async () => {
        const link = embedOf('token', { model })
        const later = embedOf('later', { model, createdAt: start + 1 })
        for (const one of [link, later]) await store.addEmbed(one)
        const ids = async () => (await other.embedsOf(model, 10)).map(({ id }) => id)
        expect(await ids()).toEqual([later.id, link.id])
        const elsewhere = { owner: 'some', name: 'other' }
        expect(await store.endEmbed({ model: elsewhere, id: link.id }, start)).toBe(false)
        expect(await store.endEmbed({ model, id: link.id }, start)).toBe(true)
        expect(await other.endEmbed({ model, id: link.id }, start)).toBe(false)
        expect(await ids()).toEqual([later.id])
        expect(await store.findEmbed(link.hash)).toMatchObject({ endedAt: start, ended: 'revoked' })
      })

      it('ends with the account of who made it', async () => {
        const person = personOf('ann')
        await store.addPerson(person)
        const link = embedOf('token', { model, createdBy: person.id })
        await store.addEmbed(link)
        await store.changePerson(person.id, { disabledAt: start })
        expect(await store.findEmbed(link.hash)).toMatchObject({ ended: 'maker disabled' })
      })
    })

    describe('a share', () => {
      it('is found by its hash, as it was kept, and kept once', async () => {
        const [id = ''] = await addPredictions(1)
        const people = [{ account: 'person:bob', name: 'bob' }]
        const terms = { audience: 'people', people, scope: 'run', expiresAt: start + 1 } as const
        const share = shareOf('token', id, terms)
        expect(await store.share(share)).toBe(true)
        expect(await other.share({ ...share, scope: 'see' })).toBe(false)
        expect(await other.findShare(share.hash)).toEqual(share)
        expect(await store.findShare('another hash')).toBeNull()
      })

      it('counts its openings, and which is the first', async () => {
        const [id = ''] = await addPredictions(1)
        const share = shareOf('token', id)
        await store.share(share)
        expect(await store.openShare(share.id, start, false)).toBe(false)
        const both = [store, other].map((one) => one.openShare(share.id, start + 1, true))
        expect((await Promise.all(both)).sort()).toEqual([false, true])
        expect(await other.openShare(share.id, start + 2, false)).toBe(true)
        expect(await store.findShare(share.hash)).toMatchObject({ opens: 2, openedAt: start + 2 })
      })

      it('ends alone or with all of its prediction, once', async () => {
        const [id = '', another = ''] = await addPredictions(2)
        for (const token of ['a', 'b']) await store.share(shareOf(token, id))
        await store.share(shareOf('c', another))
        const tokens = async () => (await store.sharesOf(ofPrediction(id))).map((share) => share.id)
        expect(await store.endShares({ of: ofPrediction(another), id: 'share a' }, start)).toBe(
          false,
        )
        expect(await store.endShares({ of: ofPrediction(id), id: 'share a' }, start)).toBe(true)
        expect(await store.endShares({ of: ofPrediction(id), id: 'share a' }, start + 1)).toBe(
          false,
        )
        expect(await tokens()).toEqual(['share b'])
        expect(await other.endShares({ of: ofPrediction(id) }, start)).toBe(true)
        expect(await tokens()).toEqual([])
        expect(await store.sharesOf(ofPrediction(another))).toHaveLength(1)
        expect(await store.findShare(shareOf('a', id).hash)).toMatchObject({
          endedAt: start,
          ended: 'revoked',
        })
      })

      it('ends with what it leads to and with its maker, and says why', async () => {
        const [removed = '', narrowed = '', made = ''] = await addPredictions(3)
        const ann = personOf('ann')
        await store.addPerson(ann)
        await store.share(shareOf('removed', removed))
        await store.share(shareOf('narrowed', narrowed))
        await store.share(shareOf('made', made, { createdBy: ann.id }))
        await store.remove(removed, start + 1)
        await store.setVisibility(narrowed, 'private', start + 2)
        await store.changePerson(ann.id, { disabledAt: start + 3 })
        const ends = ['removed', 'narrowed', 'made'].map((token) =>
          other.findShare(shareOf(token, '').hash),
        )
        expect((await Promise.all(ends)).map((share) => [share?.endedAt, share?.ended])).toEqual([
          [start + 1, 'deleted'],
          [start + 2, 'made private'],
          [start + 3, 'maker disabled'],
        ])
      })

      it('is listed while it works, newest first, page by page', async () => {
        const ids = await addPredictions(5)
        for (const [at, id] of ids.entries()) {
          const createdBy = at === 0 ? 'bob' : 'ann'
          const expiresAt = at === 1 ? start + 10 : null
          await store.share(shareOf(`${at}`, id, { createdAt: start + at, createdBy, expiresAt }))
        }
        await store.endShares({ of: ofPrediction(ids[4] ?? '') }, start)
        const read = (filter: object, limit: number, before: string | null = null) =>
          store.shares({ now: start + 20, ...filter }, limit, before)
        const first = await read({}, 2)
        expect(first.shares.map(({ id }) => id)).toEqual(['share 3', 'share 2'])
        expect(first.shares[0]?.model).toEqual(predictionOf().model)
        const second = await read({}, 2, first.next)
        expect(second.shares.map(({ id }) => id)).toEqual(['share 0'])
        expect(second.next).toBeNull()
        expect((await read({ createdBy: 'bob' }, 2)).shares).toHaveLength(1)
      })
    })

    describe('a share of a group', () => {
      const toGroup = { kind: 'group', id: idOf(500) } as const

      /** A group with a prediction and a run that is still planned. */
      async function addGroup(): Promise<string> {
        const group = groupOf({ title: 'Light and ink' })
        await store.addGroup(group, null)
        await store.planRuns(group, [runOf(1, { model: { owner: 'ann', name: 'planned' } })])
        await store.openGroup(group.id)
        const at = { id: group.id, place: 0, isListed: true }
        const [member = ''] = await addPredictions(1, { group: at })
        return member
      }

      it('is found, counted and ended as that of a prediction, and listed by its title', async () => {
        const member = await addGroup()
        const share = shareOf('group', toGroup)
        await store.share(share)
        await store.share(shareOf('single', member, { createdAt: start + 1 }))
        expect(await other.findShare(share.hash)).toEqual(share)
        expect(await other.sharesOf(toGroup)).toEqual([share])
        expect(await store.openShare(share.id, start, true)).toBe(true)
        const { shares } = await other.shares({ now: start }, 5, null)
        expect(shares.map(({ of, model, title }) => [of.kind, model, title])).toEqual([
          ['prediction', predictionOf().model, null],
          ['group', null, 'Light and ink'],
        ])
        expect(await store.endShares({ of: ofPrediction(toGroup.id) }, start)).toBe(false)
        expect(await store.endShares({ of: toGroup }, start)).toBe(true)
        expect(await store.sharesOf(toGroup)).toEqual([])
        expect(await store.sharesOf(ofPrediction(member))).toHaveLength(1)
      })

      const end = async () => (await other.findShare(shareOf('group', toGroup).hash))?.ended

      it('ends with the group, but not with one of its predictions', async () => {
        const member = await addGroup()
        await store.share(shareOf('group', toGroup))
        await store.remove(member, start)
        expect(await end()).toBeNull()
        await store.removeGroup(toGroup.id, start)
        expect(await end()).toBe('deleted')
      })

      it('ends when one of its predictions is made private', async () => {
        const member = await addGroup()
        await store.share(shareOf('group', toGroup))
        await store.setVisibility(member, 'private', start)
        expect(await end()).toBe('made private')
      })

      it.each([
        ['has run', predictionOf().model],
        ['is planned', { owner: 'ann', name: 'planned' }],
      ])('ends when a model that %s in it is made private', async (_, ref) => {
        await addGroup()
        await store.share(shareOf('group', toGroup))
        const fields = { ...noFields, visibility: 'private' as const }
        const edit = { ref, fields, revision: 1, updatedAt: start, updatedBy: 'ann' }
        await store.saveModelEdit({ ...edit, ref: { owner: 'ann', name: 'other' } }, 0)
        expect(await end()).toBeNull()
        await store.saveModelEdit(edit, 0)
        expect(await end()).toBe('model made private')
      })

      it('keeps the data of its predictions where shared ones are kept', async () => {
        const member = await addGroup()
        await store.share(shareOf('group', toGroup))
        expect(await store.removeData([member], ['shared'], start + 5)).toEqual([])
        await store.endShares({ of: toGroup }, start)
        expect(await store.removeData([member], ['shared'], start + 5)).toEqual([member])
      })
    })

    describe('the data of a prediction', () => {
      it('is found by its age, oldest first, without sub-runs that have a parent', async () => {
        const ids = await addPredictions(3)
        await store.remove(ids[2] ?? '', start)
        const parents = [ids[0] ?? '', idOf(3)]
        for (const [at, parent] of parents.entries()) {
          const child = predictionOf({ id: idOf(10 + at), parent, createdAt: start + 61_000 + at })
          await store.accept(child, versionOf(), null)
        }
        const found: string[] = []
        let after: string | null = null
        do {
          const batch = await other.withData(start + 120_000, 2, after)
          found.push(...batch.predictions.map(({ id }) => id))
          after = batch.next
        } while (after !== null)
        expect(found).toEqual([ids[0], idOf(11)])
      })

      it('is removed with that of its sub-runs, files and searched words included', async () => {
        const file = fileOf(1)
        const [id = ''] = await addPredictions(1, { input: { prompt: 'marmalade' }, files: [file] })
        const child = predictionOf({ id: idOf(20), parent: id, createdAt: start })
        await store.accept(child, versionOf(), null)
        await store.save(child, { ...child, status: 'failed', revision: 2, completedAt: start })
        const found = async () => (await store.page({ text: 'marmalade' }, 5, null)).predictions
        expect(await found()).toHaveLength(1)
        const removed = await store.removeData([id], [], start + 5)
        expect([...removed].sort()).toEqual([id, idOf(20)].sort())
        const kept = await other.find(id)
        expect(kept).toMatchObject({ input: {}, output: null, logs: '', files: [], revision: 3 })
        expect(kept).toMatchObject({ dataRemovedAt: start + 5, status: 'succeeded' })
        expect(await store.findFile(file.ref)).toBeNull()
        expect(await found()).toEqual([])
        expect(await store.removeData([id], [], start + 6)).toEqual([])
        expect((await store.withData(start + 1e9, 5, null)).predictions).toEqual([])
      })

      it('stays of what is not settled, and of kept kinds', async () => {
        const [starred = '', shown = '', shared = '', ended = ''] = await addPredictions(4)
        const open = predictionOf({ id: idOf(30) })
        await store.accept(open, versionOf(), null)
        await store.setFavourite('ann', { id: starred, createdAt: start }, true)
        await store.setExample(predictionOf({ id: shown }), true, start)
        await store.share(shareOf('works', shared))
        await store.share(shareOf('over', ended, { expiresAt: start + 1 }))
        const all = [starred, shown, shared, ended, open.id]
        const keep = ['favourites', 'examples', 'shared'] as const
        expect(await store.removeData(all, keep, start + 5)).toEqual([ended])
        expect([...(await store.removeData(all, [], start + 6))].sort()).toEqual(
          [starred, shown, shared].sort(),
        )
        expect((await store.find(open.id))?.dataRemovedAt).toBeNull()
      })
    })
  })
}
