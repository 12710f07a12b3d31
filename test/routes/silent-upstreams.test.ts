import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createGuard } from '../../src/outbound/guard.ts'
import { createCogProvider } from '../../src/providers/cog/cog.ts'
import { createReplicateProvider } from '../../src/providers/replicate/replicate.ts'
import { hello } from '../providers/support/cog-models.ts'
import { type CogServer, startCogServer } from '../providers/support/cog-server.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const headers = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

/** Takes connections, and never says a word. */
let silent: Server
let server: CogServer
let sandpit: TestApp

beforeEach(async () => {
  silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  server = await startCogServer({ model: hello })
  const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  sandpit = await createTestApp({
    environment: {
      COG_MODELS: `team/silent=${silentUrl},team/model=${server.origin}`,
      SANDPIT_AUTH: 'basic:olga:a password',
    },
    providers: (config, records) => {
      const guard = createGuard({ allow: [] })
      const parts = { guard, records, now: Date.now }
      const url = new URL(silentUrl)
      const maxFileBytes = config.maxUpload
      return [
        createCogProvider({ ...parts, models: config.cogModels, folder: join(config.data, 'cog') }),
        createReplicateProvider({
          ...parts,
          url,
          token: 'a-token',
          maxFileBytes,
          folder: join(config.data, 'replicate'),
        }),
      ]
    },
  })
  const ref = { owner: 'ann', name: 'paint' }
  const source = { provider: 'replicate', version: null } as const
  await sandpit.records.save({ ...sandpit.records.of(ref), source })
})
afterEach(async () => {
  silent.closeAllConnections()
  silent.close()
  await sandpit.close()
  await server.close()
})

it.each([
  ['/', 'team/model'],
  ['/team/model', 'name="input.name"'],
  ['/settings', 'team/model'],
  ['/collections/team', 'team'],
])('holds up nobody at %s', async (path, text) => {
  const since = performance.now()
  const answer = await createVisitor(sandpit).request(path, { headers })
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain(text)
  expect(performance.now() - since).toBeLessThan(2_000)
})

it('says on its own page that it has not answered yet', async () => {
  const since = performance.now()
  const page = await (await createVisitor(sandpit).request('/team/silent', { headers })).text()
  expect(page).toContain('has not sent its schema yet')
  expect(performance.now() - since).toBeLessThan(3_500)
})
