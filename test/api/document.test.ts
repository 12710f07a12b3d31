import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json/json.ts'
import { readReference } from '../../src/domain/snippet/api-reference.ts'
import { createApi } from '../../src/routes/api/index.ts'
import { allProviders } from '../support/all-providers.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

interface Operation {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; required?: boolean; schema: JsonObject }[]
  requestBody?: { content: Record<string, { schema: JsonObject }> }
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema: JsonObject }> }
  >
}

interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonObject> }
}

let sandpit: TestApp
let document: OpenApi
beforeAll(async () => {
  const environment = { SANDPIT_API_TOKENS: 'a-token-for-tests' }
  sandpit = await createTestApp({ environment, providers: allProviders })
  const response = await sandpit.app.request('/v1/openapi.json', {
    headers: { Host: 'localhost', Authorization: 'Bearer a-token-for-tests' },
  })
  expect(response.status).toBe(200)
  document = (await response.json()) as OpenApi
})
afterAll(() => sandpit.close())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )

describe('the document of the API', () => {
  it('has every route that asks for a token, and no other', () => {
    const api = createApi(sandpit.deps, ({ url }) => new URL(url).pathname)
    const opened = /^GET \/v1\/(?:streams|files)\/.*(?:stream|token|proof|download)/
    const routes = api.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
      .filter((route) => !opened.test(route))
    const listed = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect([...new Set(listed)].sort()).toEqual([...new Set(routes)].sort())
  })

  it('names each operation once, and every part of its path', () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const inPath = (operation.parameters ?? []).filter((one) => one.in === 'path')
      expect(inPath.map(({ name }) => name).sort(), path).toEqual(named.sort())
      expect(
        inPath.every(({ required }) => required),
        path,
      ).toBe(true)
      expect(operation.summary, path).not.toBe('')
    }
  })

  it('is OpenAPI 3.1: its schemas are JSON schemas, and what they refer to is there', () => {
    expect(document.openapi).toBe('3.1.0')
    const ajv = new Ajv2020({ strict: false })
    formats.default(ajv)
    ajv.addSchema(document as unknown as JsonObject, 'api')
    const schemas = operations().flatMap(({ path, method, operation }) => [
      ...(operation.parameters ?? []).map(({ schema }) => schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.entries(operation.responses).flatMap(([status, { description, content }]) => {
        expect(description, `${method} ${path} ${status}`).not.toBe('')
        return Object.values(content ?? {}).map(({ schema }) => schema)
      }),
    ])
    expect(schemas.length).toBeGreaterThan(60)
    for (const schema of [...schemas, ...Object.values(document.components.schemas)]) {
      const own = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'))
      expect(() => ajv.compile(own), JSON.stringify(schema)).not.toThrow()
    }
  })

  it('says that every answer may be a problem', () => {
    for (const { path, operation } of operations())
      expect(operation.responses.default, path).toMatchObject({
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      })
  })
})

describe('the reference', () => {
  it('has every operation of the document and leads to every schema', () => {
    const { groups, schemas } = readReference(document as unknown as JsonObject)
    const ids = groups.flatMap(({ operations: own }) => own.map(({ id }) => id))
    expect(ids.sort()).toEqual(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    )
    expect(schemas.map(({ name }) => name)).toEqual(Object.keys(document.components.schemas))
  })

  it('is a page of links that lead somewhere', async () => {
    const html = await (
      await sandpit.app.request('/docs/api', { headers: { Host: 'localhost' } })
    ).text()
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.length).toBeGreaterThan(50)
    expect(links.filter((id) => !ids.has(id))).toEqual([])
    expect(html).toContain('curl -X POST <i>&quot;$SANDPIT/v1/predictions&quot;</i>')
    expect(html).toContain('id="models.versions.create"')
  })
})
