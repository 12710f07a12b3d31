import { describe, expect, it } from 'vitest'
import type { PlannedRun, RunGroup } from '../../src/domain/group/group.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { Store } from '../../src/store/store.ts'
import { fileOf, idOf, minute, predictionOf, start, versionOf } from '../support/domain.ts'
import { groupOf, runOf } from '../support/groups.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

const everything = { from: 0, limit: 1_000 }
const { model } = versionOf()
/** The contract of `GroupStore`, for every database. */
export function describeGroupStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    let other: Store
    openEach(open, (opened) => {
      store = opened.first
      other = opened.second
    })

    async function opened(runs: readonly PlannedRun[], changes: Partial<RunGroup> = {}) {
      const group = groupOf(changes)
      await store.addGroup(group, null)
      await store.planRuns(group, runs)
      await store.openGroup(group.id)
      return group
    }

    /** A prediction at a place of a group. */
    async function member(group: RunGroup, place: number, changes: Partial<Prediction> = {}) {
      const own = { id: group.id, place, isListed: place === 0 }
      const prediction = predictionOf({ id: idOf(600 + place), group: own, ...changes })
      await store.accept(prediction, versionOf(), null)
      return prediction
    }

    describe('a group', () => {
      it('is found as it was added, by every handle, once its plan is complete', async () => {
        const group = groupOf()
        expect(await store.addGroup(group, null)).toEqual(group)
        expect(await store.findGroup(group.id)).toBeNull()
        await store.planRuns(group, [runOf(0), runOf(1)])
        expect(await store.openGroups()).toEqual([])
        await store.openGroup(group.id)
        expect(await other.findGroup(group.id)).toEqual(group)
        expect(await other.groupsAmong([group.id, idOf(1)])).toEqual(new Map([[group.id, group]]))
        expect(await other.openGroups()).toEqual([group.id])
      })

      it('is made once by two presses of a person on the same button', async () => {
        const pressed = { key: 'form', since: start - 10_000 }
        const group = groupOf()
        const late = { key: 'form', since: start + 1 }
        const again = groupOf({ id: idOf(501) })
        expect(await store.addGroup(group, pressed)).toEqual(group)
        expect(await other.addGroup(again, pressed)).toEqual(group)
        expect(await other.addGroup({ ...again, createdBy: 'bob' }, pressed)).toMatchObject({
          id: again.id,
        })
        const later = groupOf({ id: idOf(502), createdAt: start + 2 })
        expect(await store.addGroup(later, late)).toEqual(later)
      })

      it('whose plan was never completed is forgotten', async () => {
        const left = groupOf()
        await store.addGroup(left, null)
        await store.planRuns(left, [runOf(0, { files: [fileOf(1)] })])
        const kept = await opened([runOf(0)], { id: idOf(501) })
        await store.dropUnopened(start)
        await store.openGroup(left.id)
        expect(await store.findGroup(left.id)).toEqual(left)
        await store.dropUnopened(start + 1)
        expect(await store.findGroup(kept.id)).toEqual(kept)
      })

      it('stops, goes on, and is renamed', async () => {
        const { id } = await opened([runOf(0)])
        expect(await store.stopGroup(id, 'No.')).toBe(true)
        expect(await other.findGroup(id)).toMatchObject({ stopped: 'No.' })
        expect(await other.openGroups()).toEqual([])
        expect(await other.stopGroup(id, null)).toBe(true)
        expect(await store.renameGroup(id, 'Ink')).toBe(true)
        expect(await other.findGroup(id)).toMatchObject({ stopped: null, title: 'Ink' })
        expect(await store.stopGroup(idOf(1), null)).toBe(false)
        expect(await store.renameGroup(idOf(1), '')).toBe(false)
      })

      it('is of one server until its time is over', async () => {
        const { id } = await opened([runOf(0)])
        expect(await store.claimGroup(id, 'one', start, start + 10)).toBe(true)
        expect(await other.claimGroup(id, 'two', start + 5, start + 15)).toBe(false)
        expect(await store.claimGroup(id, 'one', start + 5, start + 15)).toBe(true)
        expect(await other.claimGroup(id, 'two', start + 16, start + 30)).toBe(true)
      })
    })

    describe('a planned run', () => {
      it('is found as it was planned, in the order of places, until it is settled', async () => {
        const files = [fileOf(1)]
        const runs = [runOf(2, { sealed: 'sealed', files }), runOf(0), runOf(1, { files })]
        const { id } = await opened(runs)
        expect(await other.nextPlanned(id, { from: 0, limit: 2 })).toEqual([runs[1], runs[2]])
        await store.settlePlan(id, 0, null)
        await store.settlePlan(id, 2, 'It is gone.')
        expect(await other.nextPlanned(id, { from: 0, limit: 10 })).toEqual([runs[2]])
        expect(await other.plansOf(id, { from: 1, limit: 10 })).toEqual([
          { place: 1, model, problem: null, summary: 'steps = 1, seed = 18446744073709551615' },
          {
            place: 2,
            model,
            problem: 'It is gone.',
            summary: 'steps = 2, seed = 18446744073709551615',
          },
        ])
        await store.settlePlan(id, 1, null)
        expect(await other.openGroups()).toEqual([])
        expect(await other.countsOf([id])).toEqual(
          new Map([[id, { made: {}, planned: 0, refused: 1 }]]),
        )
      })

      it('has its files as long as the group is there', async () => {
        await store.addFile(fileOf(1), 'ada', start)
        const { id } = await opened([runOf(0, { files: [fileOf(1)] })])
        expect(await other.findFile(fileOf(1).ref)).toMatchObject({ prediction: id })
        expect(await store.removeGroup(id, start)).toBe(true)
        expect(await other.findFile(fileOf(1).ref)).toBeNull()
        expect(await other.nextPlanned(id, { from: 0, limit: 10 })).toEqual([])
        expect(await store.removeGroup(id, start)).toBe(false)
      })
    })

    describe('a prediction of a group', () => {
      it('is found by its place, with its place, and counted', async () => {
        const group = await opened([runOf(2)])
        const first = await member(group, 0)
        await member(group, 1, { status: 'succeeded', completedAt: start })
        expect(await other.find(first.id)).toEqual(first)
        expect(await other.memberAt(group.id, 0)).toBe(first.id)
        expect(await other.memberAt(group.id, 9)).toBeNull()
        const places = (await other.membersOf(group.id, everything)).map((one) => one.group.place)
        expect(places).toEqual([0, 1])
        expect(await other.membersOf(group.id, { from: 1, limit: 1 })).toHaveLength(1)
        expect((await other.countsOf([group.id])).get(group.id)).toEqual({
          made: { starting: 1, succeeded: 1 },
          planned: 1,
          refused: 0,
        })
      })

      it('gives up its place to a run that is planned again, and stays in the group', async () => {
        const group = await opened([])
        const first = await member(group, 0, { status: 'failed', completedAt: start })
        const second = await member(group, 1, { status: 'failed', completedAt: start })
        const again = (place: number, replaces: string) => ({ ...runOf(place), replaces })
        const runs = [again(0, first.id), again(1, first.id), again(7, second.id)]
        expect(await store.planAgain(group, runs, start)).toEqual([0])
        expect(await other.find(first.id)).toMatchObject({
          group: { id: group.id, place: null },
          revision: first.revision + 1,
        })
        expect(await other.nextPlanned(group.id, everything)).toEqual([runOf(0)])
        expect((await other.countsOf([group.id])).get(group.id)).toEqual({
          made: { failed: 1 },
          planned: 1,
          refused: 0,
        })
        expect(await other.memberAt(group.id, 0)).toBeNull()
        expect(await store.planAgain(group, [again(0, first.id)], start)).toEqual([])
        const newer = await member(group, 0, { id: idOf(700) })
        expect(await other.memberAt(group.id, 0)).toBe(newer.id)
      })

      it('stands for the group once another stands there no more', async () => {
        const group = await opened([])
        expect(await store.keepListed(group.id)).toBe(false)
        const first = await member(group, 0, { status: 'failed', completedAt: start })
        const listed = async () =>
          (await other.page({ isTop: true }, 10, null)).predictions.map(({ id }) => id)
        await store.planAgain(group, [{ ...runOf(0), replaces: first.id }], start)
        expect(await store.keepListed(group.id)).toBe(true)
        expect(await listed()).toEqual([first.id])
        const newer = await member(group, 0, {
          id: idOf(700),
          group: { id: group.id, place: 0, isListed: false },
        })
        expect(await store.keepListed(group.id)).toBe(true)
        expect(await listed()).toEqual([newer.id])
      })

      it('takes the group with it as the last one, unless more is to be started', async () => {
        const group = await opened([runOf(5)])
        const first = await member(group, 0)
        await store.remove(first.id, start)
        expect(await store.findGroup(group.id)).toEqual(group)
        const second = await member(group, 1)
        await store.stopGroup(group.id, 'No.')
        await store.remove(second.id, start)
        expect(await other.findGroup(group.id)).toBeNull()
        expect(await other.nextPlanned(group.id, everything)).toEqual([])
      })

      it('has its place alone', async () => {
        const group = await opened([])
        await member(group, 0)
        const twice = member(group, 0, { id: idOf(700) })
        await expect(twice).rejects.toThrow()
        expect(await store.membersOf(group.id, everything)).toHaveLength(1)
      })

      it('stands for the group in lists, or the next one does', async () => {
        const group = await opened([])
        const first = await member(group, 0)
        const second = await member(group, 1)
        await member(group, 2)
        const listed = async () =>
          (await other.page({ isTop: true }, 10, null)).predictions.map(({ id }) => id)
        expect(await listed()).toEqual([first.id])
        await store.remove(first.id, start)
        expect(await listed()).toEqual([second.id])
        expect((await other.page({ isTop: false }, 10, null)).predictions).toHaveLength(1)
      })

      it('belongs to none once the group is removed', async () => {
        const group = await opened([])
        const { id } = await member(group, 1)
        await store.removeGroup(group.id, start)
        expect(await other.find(id)).toMatchObject({ group: null })
      })

      it('keeps its data until all of the group is old enough, and while one is kept', async () => {
        const group = await opened([])
        const done = { status: 'succeeded', completedAt: start } as const
        const old = await member(group, 0, done)
        const young = await member(group, 1, { ...done, createdAt: start + minute })
        const due = async (before: number) =>
          (await other.withData(before, 10, null)).predictions.map(({ id }) => id)
        expect(await due(start + 1)).toEqual([])
        expect(await due(start + minute + 1)).toEqual([old.id, young.id])
        await store.setFavourite('ada', young, true)
        expect(await store.removeData([old.id], ['favourites'], start)).toEqual([])
        expect(await store.removeData([old.id], ['examples'], start)).toEqual([old.id])
      })
    })
  })
}
