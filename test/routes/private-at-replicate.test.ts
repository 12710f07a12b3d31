import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { providerOver } from '../providers/support/replica.ts'
import {
  type ScriptedModel,
  startReplicate,
  token,
  versionOf,
} from '../providers/support/replicate-server.ts'
import { eventually } from '../support/eventually.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp } from '../support/test-app.ts'

const machine = 'a-token-for-tests-only'
const plain = (visibility: string): ScriptedModel => ({
  input: { prompt: { type: 'string' } },
  readme: '# The moonlit one',
  shown: { visibility, description: 'Moonlit and unreleased.' },
  run: (run) => run.make(`a drawing of ${run.input.prompt}`),
})

/** A server that speaks Replicate's API, at which `ann/secret` is private, and people of whom one is of `ann`. */
async function setUp() {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-replicate-'))
  const models: Record<string, ScriptedModel> = {
    'ann/flux': plain('public'),
    'ann/secret': plain('private'),
  }
  const server = await startReplicate(models)
  const clock = { ahead: 0 }
  const now = () => Date.now() + clock.ahead
  const open = () =>
    createTestApp({
      data,
      now,
      environment: {
        SANDPIT_AUTH: 'header:X-User',
        SANDPIT_OPERATORS: 'olga',
        SANDPIT_GROUPS: 'team-ann=ann,*=member',
        SANDPIT_API_TOKENS: machine,
        REPLICATE_API_TOKEN: token,
      },
      providers: () => [providerOver(server, join(data, 'replicate'), { now })],
    })
  let sandpit = await open()
  onTestFinished(async () => {
    await sandpit.close()
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  const person = (name: string) => namedPerson(sandpit, name)
  await person('mia').get('/')
  const [mia] = await sandpit.store.peopleAmong(['mia'])
  await sandpit.store.changePerson(mia?.id ?? '', { groups: ['team-ann'] })
  sandpit.people.forget()
  return {
    server,
    person,
    models,
    sandpit: () => sandpit,
    statuses: (path: string) =>
      Promise.all(
        ['ada', 'mia', 'olga'].map(async (name) => (await person(name).get(path)).status),
      ),
    /** Lets what is known of models grow old. */
    wait: () => {
      clock.ahead += 11 * 60_000
    },
    async restart() {
      await sandpit.close()
      sandpit = await open()
    },
  }
}

const forMembersAlone = [404, 200, 200]
const forAll = [200, 200, 200]

it('is there for its owner name and operators alone, on every page', async () => {
  const { person, statuses, server } = await setUp()
  const { id } = versionOf('ann/secret', plain('private'))
  for (const tab of ['', '/readme', '/api', '/versions', `:${id}`, `/versions/${id}`])
    expect(await statuses(`/ann/secret${tab}`), tab).toEqual(forMembersAlone)
  expect(await statuses('/ann/flux')).toEqual(forAll)
  for (const path of ['/', '/?q=moonlit', '/predictions', '/ann/flux', '/llms.txt'])
    expect((await person('ada').get(path)).text, path).not.toContain('ann/secret')
  const fields = await person('mia').openForm('/ann/secret')
  const sent = await person('ada').post('/predictions', { ...fields, 'input.prompt': 'a cat' })
  expect(sent.status).toBe(404)
  expect(server.asked('POST predictions')).toEqual([])
})

it('has private predictions, whatever the form says, and is private after a restart', async () => {
  const { person, sandpit, statuses, restart } = await setUp()
  const made = await person('mia').run('/ann/secret', { 'input.prompt': 'a cat' })
  const id = idIn(made)
  expect(await sandpit().runner.settledWithin(id, 60_000)).toMatchObject({
    status: 'succeeded',
    visibility: 'private',
  })
  expect(await statuses(`/p/${id}`)).toEqual(forMembersAlone)
  await person('mia').post(`/p/${id}/visibility`, { visibility: 'public' })
  expect(await statuses(`/p/${id}`)).toEqual(forMembersAlone)
  await restart()
  expect(await statuses('/ann/secret')).toEqual(forMembersAlone)
  expect(await statuses(`/p/${id}`)).toEqual(forMembersAlone)
})

it('follows Replicate when that changes, in each of its versions', async () => {
  const { models, statuses, wait, server } = await setUp()
  const old = { ...versionOf('ann/flux', plain('public')), id: 'a'.repeat(64) }
  server.keepVersion('ann/flux', old)
  expect(await statuses('/ann/flux')).toEqual(forAll)
  expect(await statuses(`/ann/flux:${old.id}`)).toEqual(forAll)
  models['ann/flux'] = plain('private')
  wait()
  await eventually(async () => expect(await statuses('/ann/flux')).toEqual(forMembersAlone))
  expect(await statuses(`/ann/flux:${old.id}`)).toEqual(forMembersAlone)
  expect(await statuses('/ann/flux')).toEqual(forMembersAlone)
  models['ann/flux'] = plain('public')
  wait()
  await eventually(async () => expect(await statuses('/ann/flux')).toEqual(forAll))
  await eventually(async () => expect(await statuses(`/ann/flux:${old.id}`)).toEqual(forAll))
})

it('stays private while Replicate is away', async () => {
  const { server, statuses, wait } = await setUp()
  expect(await statuses('/ann/secret')).toEqual(forMembersAlone)
  server.failNext('GET models/ann/secret', { status: 503 })
  wait()
  for (let asked = 0; asked < 3; asked++)
    expect(await statuses('/ann/secret')).toEqual(forMembersAlone)
})

it('is private in the API, too', async () => {
  const { sandpit } = await setUp()
  const ask = async (path: string) => {
    const headers = { Host: 'localhost', Authorization: `Bearer ${machine}` }
    return (await sandpit().app.request(path, { headers })).json()
  }
  expect(await ask('/v1/models/ann/secret')).toMatchObject({ visibility: 'private' })
  expect(await ask('/v1/models/ann/flux')).toMatchObject({ visibility: 'public' })
})
