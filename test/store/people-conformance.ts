import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../src/domain/people/audit.ts'
import { noQuota } from '../../src/domain/people/quota.ts'
import type { Session } from '../../src/domain/people/session.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf, predictionOf, start, versionOf } from '../support/domain.ts'
import { entryOf, personOf, tokenOf } from '../support/people.ts'
import { type OpenedStore, openEach } from './opened-store.ts'

/** The contract of `PeopleStore` and `RightsStore`, for every database. */
export function describePeopleStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let store: Store
    let other: Store
    openEach(open, (opened) => {
      store = opened.first
      other = opened.second
    })

    describe('a person', () => {
      it('is found by id, subject and handle, as they were added', async () => {
        const ann = personOf('ann', { email: 'ann@halden.example', groups: ['/ml', 'a,b'] })
        expect(await store.addPerson(ann)).toEqual(ann)
        expect(await other.findPerson(ann.id)).toEqual(ann)
        expect(await other.findSubject(ann.issuer, ann.subject)).toEqual(ann)
        expect(await other.peopleAmong(['ann'])).toEqual([ann])
        expect(await store.findPerson('person:other')).toBeNull()
      })

      it('is added once, by any number of handles at once', async () => {
        const added = await Promise.all(
          [1, 2, 3, 4].map((number) =>
            (number % 2 === 0 ? store : other).addPerson(
              personOf('ann', { id: `person:${idOf(number)}`, subject: 'subject of ann' }),
            ),
          ),
        )
        expect(new Set(added.map(({ id }) => id)).size).toBe(1)
        expect(await store.people(10, null)).toHaveLength(1)
      })

      it('gets a handle that nobody else has', async () => {
        const more = { issuer: 'https://other.example' }
        const handles = []
        for (const number of [1, 2, 3]) {
          const id = `person:${idOf(number)}`
          const subject = `ann ${number}`
          handles.push((await store.addPerson(personOf('ann', { ...more, id, subject }))).handle)
        }
        expect(handles).toEqual(['ann', 'ann-2', 'ann-3'])
      })

      it('is changed member by member, and listed by handle', async () => {
        for (const handle of ['cem', 'ann', 'bob']) await store.addPerson(personOf(handle))
        const quota = { ...noQuota, perDay: 50 }
        const bob = personOf('bob')
        expect(await store.changePerson(bob.id, { role: 'operator', quota })).toBe(true)
        expect(await store.changePerson('person:none', { role: 'viewer' })).toBe(false)
        expect(await store.findPerson(bob.id)).toEqual({ ...bob, role: 'operator', quota })
        expect((await store.people(2, null)).map(({ handle }) => handle)).toEqual(['ann', 'bob'])
        expect((await store.people(2, 'bob')).map(({ handle }) => handle)).toEqual(['cem'])
      })
    })

    describe('a session', () => {
      const session = (hash: string, more: Partial<Session> = {}): Session => ({
        hash,
        person: 'person:ann',
        issuer: 'https://login.example',
        sid: null,
        idToken: null,
        agent: 'Firefox',
        address: '10.0.0.1',
        createdAt: start,
        seenAt: start,
        expiresAt: start + 1_000,
        ...more,
      })

      it('is found until it is ended', async () => {
        await store.addSession(session('a'))
        await store.seeSession('a', start + 5)
        expect(await other.findSession('a')).toEqual(session('a', { seenAt: start + 5 }))
        expect(await other.endSession('a')).toBe(true)
        expect(await store.endSession('a')).toBe(false)
        expect(await store.findSession('a')).toBeNull()
      })

      it('ends with the others of its person, or of the provider’s session', async () => {
        await store.addSession(session('a', { createdAt: start + 2 }))
        await store.addSession(session('b', { sid: 'one', createdAt: start + 1 }))
        await store.addSession(session('c', { sid: 'two' }))
        await store.addSession(session('d', { person: 'person:bob', sid: 'one' }))
        const left = async () => (await store.sessionsOf('person:ann')).map(({ hash }) => hash)
        expect(await left()).toEqual(['a', 'b', 'c'])
        const ended = await store.endProviderSession('https://login.example', 'one')
        expect([...ended].sort()).toEqual(['person:ann', 'person:bob'])
        expect(await left()).toEqual(['a', 'c'])
        await store.endSessions('person:ann', { but: 'c' })
        expect(await left()).toEqual(['c'])
        await store.forgetSessions(start + 1_001)
        expect(await left()).toEqual([])
      })
    })

    describe('a token', () => {
      it('is found by its hash, used, revoked and removed', async () => {
        const token = tokenOf('notebook', { scopes: ['read', 'run'] })
        await store.addToken(token)
        expect(await other.findToken(token.hash)).toEqual(token)
        await store.useToken(token.id, start + 7, '10.0.3.7')
        expect(await store.revokeToken('person:bob', token.id, start + 9)).toBe(false)
        expect(await store.revokeToken(token.person, token.id, start + 9)).toBe(true)
        expect(await store.revokeToken(token.person, token.id, start + 10)).toBe(false)
        const used = { usedAt: start + 7, usedFrom: '10.0.3.7', revokedAt: start + 9 }
        expect(await store.tokensOf(token.person)).toEqual([{ ...token, ...used }])
        expect(await store.removeToken(token.person, token.id)).toBe(true)
        expect(await store.findToken(token.hash)).toBeNull()
      })
    })

    describe('access to a model', () => {
      it('is given, replaced and taken', async () => {
        const model = { owner: 'vision', name: 'upscale' }
        const given = { model, grantee: 'person:ann', createdAt: start, createdBy: 'person:bob' }
        await store.saveGrant({ ...given, may: 'see' })
        await store.saveGrant({ ...given, may: 'run' })
        expect(await other.grants()).toEqual([{ ...given, may: 'run' }])
        expect(await other.removeGrant(given)).toBe(true)
        expect(await store.removeGrant(given)).toBe(false)
      })
    })

    describe('the audit log', () => {
      const all = async () => (await store.entries({}, 10, null)).entries

      it('has an entry for each change that happened, and none for one that did not', async () => {
        const prediction = await store.accept(predictionOf(), versionOf(), null)
        const deleted: AuditEntry = entryOf(1, { action: 'prediction deleted' })
        expect(await store.recording(deleted).remove(prediction.id, start)).toBe(true)
        expect(await store.recording(entryOf(2)).remove(prediction.id, start)).toBe(false)
        expect(await all()).toEqual([deleted])
      })

      it('is read newest first, in pages, by person, action and time, and forgotten', async () => {
        const actions = ['signed in', 'share made', 'signed in', 'signed out'] as const
        for (const [at, action] of actions.entries())
          await store.addEntry(
            entryOf(at, { action, actor: at === 3 ? 'person:bob' : 'person:ann' }),
          )
        const ids = async (...asked: Parameters<Store['entries']>) => {
          const { entries, next } = await store.entries(...asked)
          return { ids: entries.map(({ at }) => at - start), next }
        }
        const first = await ids({}, 3, null)
        expect(first.ids).toEqual([3, 2, 1])
        expect(await ids({}, 3, first.next)).toEqual({ ids: [0], next: null })
        expect((await ids({ actor: 'person:bob' }, 3, null)).ids).toEqual([3])
        expect((await ids({ actions: ['signed in'] }, 3, null)).ids).toEqual([2, 0])
        expect((await ids({ since: start + 2 }, 3, null)).ids).toEqual([3, 2])
        expect(await store.forgetEntries(start + 3, 2)).toBe(2)
        expect((await ids({}, 10, null)).ids).toEqual([3, 2])
      })
    })
  })
}
