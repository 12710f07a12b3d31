import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startServer } from './support/server.ts'

/** Notes the address of each module that a process loads. */
const noteLoads = `
  import { registerHooks } from 'node:module'
  import { appendFileSync } from 'node:fs'
  registerHooks({
    load(url, context, next) {
      appendFileSync(process.env.LOADED, url + '\\n')
      return next(url, context)
    },
  })`

it('loads neither the client of PostgreSQL nor that of S3 unless they are used', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-loads-'))
  const loaded = join(folder, 'loaded')
  const server = await startServer({
    environment: {
      LOADED: loaded,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noteLoads)}`,
    },
  })
  expect((await fetch(server.url)).status).toBe(200)
  await server.stop()
  const packages = new Set(
    readFileSync(loaded, 'utf8').trim().split('\n').flatMap(sourcesOf).flatMap(packageOf),
  )
  expect([...packages]).toEqual(expect.arrayContaining(['hono', 'kysely', 'zod']))
  const unused = [...packages].filter((name) => /^(pg|pg-.*|@aws-sdk\/.*|@smithy\/.*)$/.test(name))
  expect(unused).toEqual([])
  rmSync(folder, { recursive: true })
})

/** The module itself, and those that it was built from. */
function sourcesOf(url: string): readonly string[] {
  const map = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : ''
  return existsSync(map) ? [url, ...JSON.parse(readFileSync(map, 'utf8')).sources] : [url]
}

function packageOf(source: string): readonly string[] {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? []
  return name === undefined ? [] : [name]
}
