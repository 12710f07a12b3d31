import { setImmediate as nextTurn } from 'node:timers/promises'
import { Hono } from 'hono'
import { ApiReferencePage } from '../../views/pages/api-reference-page.tsx'
import type { Deps } from '../deps.ts'
import type { JsonObject } from '../domain/json/json.ts'
import { type ApiReference, readReference } from '../domain/snippet/api-reference.ts'
import { originOf, page } from './request/page.tsx'

/** The API reference, made of the OpenAPI document. */
export function apiReferenceRoutes(deps: Deps, document: () => Promise<JsonObject>) {
  let reference: ApiReference | null = null
  return new Hono().get('/docs/api', async (c) => {
    reference ??= readReference(await document())
    // To load the API, to describe it and to draw the description take as long as ten other pages.
    await nextTurn()
    const address = `${originOf(c, deps)}${deps.paths.base}`
    return page(c, deps, <ApiReferencePage reference={reference} address={address} />)
  })
}
