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
    const address = `${originOf(c, deps)}${deps.paths.base}`
    return page(c, deps, <ApiReferencePage reference={reference} address={address} />)
  })
}
