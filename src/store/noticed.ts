import type { RecordedChanges, Store } from './store.ts'

/**
 * The same store, which calls back after each change of a person, their sessions or tokens: with the id of the
 * person, or nothing where it may be anyone's. All writes must come through it.
 */
export function noticePeople(store: Store, changed: (person?: string) => void): Store {
  /** The changes that can have an entry in the audit log. */
  function noticing(
    to: RecordedChanges,
  ): Pick<RecordedChanges, 'changePerson' | 'endSession' | 'endSessions' | 'revokeToken'> {
    return {
      changePerson: (id, changes) => after(to.changePerson(id, changes), () => changed(id)),
      endSession: (hash) => after(to.endSession(hash), () => changed()),
      endSessions: (person, which) => after(to.endSessions(person, which), () => changed(person)),
      revokeToken: (person, ...more) =>
        after(to.revokeToken(person, ...more), () => changed(person)),
    }
  }

  return {
    ...withChanges(store, noticing),
    endProviderSession: (issuer, sid) =>
      after(store.endProviderSession(issuer, sid), () => changed()),
  }
}

/** The same store, which calls back after each change of what operators keep. All writes must come through it. */
export function noticeOperators(store: Store, changed: () => Promise<void>): Store {
  return withChanges(store, (to) => ({
    saveModel: (...given) => after(to.saveModel(...given), changed),
    removeModel: (...given) => after(to.removeModel(...given), changed),
    saveModelEdit: (...given) => after(to.saveModelEdit(...given), changed),
    removeModelEdit: (...given) => after(to.removeModelEdit(...given), changed),
    saveUpstreamKey: (...given) => after(to.saveUpstreamKey(...given), changed),
    removeUpstreamKey: (...given) => after(to.removeUpstreamKey(...given), changed),
    saveCollection: (...given) => after(to.saveCollection(...given), changed),
    removeCollection: (...given) => after(to.removeCollection(...given), changed),
    saveDeployment: (...given) => after(to.saveDeployment(...given), changed),
    removeDeployment: (...given) => after(to.removeDeployment(...given), changed),
    saveGrant: (...given) => after(to.saveGrant(...given), changed),
    removeGrant: (...given) => after(to.removeGrant(...given), changed),
  }))
}

/** The store with some of its changes replaced, also where they have an entry in the audit log. */
export function withChanges(
  store: Store,
  replaced: (changes: RecordedChanges) => Partial<RecordedChanges>,
): Store {
  return {
    ...store,
    ...replaced(store),
    recording(entry) {
      const recorded = store.recording(entry)
      return { ...recorded, ...replaced(recorded) }
    },
  }
}

/** Calls back when a write has ended, before those who wait for it go on. */
export async function after<T>(write: Promise<T>, changed: () => void | Promise<void>): Promise<T> {
  try {
    return await write
  } finally {
    await changed()
  }
}
