import { type Context, Hono } from 'hono'
import { UpstreamsPage } from '../../views/settings/upstreams-page.tsx'
import type { KeptKey, UpstreamLine } from '../../views/settings/upstreams-table.tsx'
import type { Deps } from '../deps.ts'
import type { UpstreamKey } from '../domain/model/upstream-key.ts'
import { auditEntry } from './request/audit.ts'
import { operatorsOnly } from './request/operators.tsx'
import { page } from './request/page.tsx'
import { viewerOf } from './request/viewer.ts'

/** Where the servers that run models are listed, and their keys are set, replaced and removed. */
export function upstreamRoutes(deps: Deps) {
  const { upstreamKeys, paths } = deps

  return new Hono()
    .use('/settings/*', operatorsOnly(deps))
    .get('/settings/upstreams', (c) => upstreamsPage(c, deps))
    .post('/settings/upstreams', async (c) => {
      const { address, key } = typedIn(c)
      const known = (await upstreamsOf(deps)).some((one) => one.address === address && one.takesKey)
      if (!known && !upstreamKeys.find(address)) return c.notFound()
      if (key === '') return upstreamsPage(c, deps, address)
      const detail = upstreamKeys.find(address) ? 'replaced' : 'set'
      const entry = auditEntry(c, deps, 'upstream key changed', address, { detail })
      await upstreamKeys.save(address, key, viewerOf(c, deps).id, entry)
      return c.redirect(paths.upstreams(), 303)
    })
    .post('/settings/upstreams/removal', async (c) => {
      const { address } = typedIn(c)
      if (!upstreamKeys.find(address)) return c.notFound()
      const entry = auditEntry(c, deps, 'upstream key changed', address, { detail: 'removed' })
      await upstreamKeys.remove(address, entry)
      return c.redirect(paths.upstreams(), 303)
    })
}

function typedIn(c: Context) {
  const textOf = (name: string) => c.get('formFields').get(name)?.trim() ?? ''
  return { address: textOf('address'), key: textOf('key') }
}

/** The upstreams of all providers, in the order of both. */
async function upstreamsOf({ providers }: Deps) {
  const each = providers.map(async ({ label, upstreams }) =>
    ((await upstreams?.()) ?? []).map((upstream) => ({ ...upstream, label })),
  )
  return (await Promise.all(each)).flat()
}

/** `unkeyed`: the address for which an empty key was sent. */
async function upstreamsPage(c: Context, deps: Deps, unkeyed: string | null = null) {
  const upstreams = await upstreamsOf(deps)
  const keys = deps.upstreamKeys.all()
  const names = await deps.accountNames.among(keys.map(({ updatedBy }) => updatedBy))
  const shownKey = ({ updatedAt, updatedBy }: UpstreamKey): KeptKey => ({
    at: updatedAt,
    by: names.get(updatedBy) ?? updatedBy,
  })
  const lines = upstreams.map((upstream): UpstreamLine => {
    const key = deps.upstreamKeys.find(upstream.address)
    const isUnkeyed = upstream.address === unkeyed
    return { ...upstream, kept: key && shownKey(key), isUnkeyed }
  })
  const unused = keys
    .filter(({ address }) => !upstreams.some((one) => one.address === address))
    .map((key) => ({ ...shownKey(key), address: key.address }))
  const status = unkeyed === null ? 200 : 422
  return page(c, deps, <UpstreamsPage {...{ lines, unused }} />, status)
}
