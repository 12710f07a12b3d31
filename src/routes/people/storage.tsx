import { Hono } from 'hono'
import { StoragePage } from '../../../views/settings/storage-page.tsx'
import type { Deps } from '../../deps.ts'
import type { Used } from '../../domain/file/storage-use.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { page } from '../request/page.tsx'

/** What the disk holds, for operators. */
export function storageRoutes(deps: Deps) {
  /** The same by handle, for people who have one. */
  async function named(used: readonly Used[]): Promise<readonly Used[]> {
    const people = await deps.store.peopleAmong(used.map(({ name }) => name))
    const handles = new Map(people.map(({ id, handle }) => [id, handle]))
    return used.map((one) => ({ ...one, name: handles.get(one.name) ?? one.name }))
  }

  return new Hono().get('/settings/storage', operatorsOnly(deps), async (c) => {
    const counted = await deps.storage.use()
    const use = counted ? { ...counted, people: await named(counted.people) } : null
    const { days } = deps.config.retention
    const retention = days === null ? 'Kept without end.' : `Kept for ${days} days.`
    return page(c, deps, <StoragePage {...{ use, retention }} />)
  })
}
