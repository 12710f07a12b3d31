import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, inject, it, onTestFinished } from 'vitest'
import { createPostgresLocks } from '../../src/locks/postgres.ts'
import { createGuard } from '../../src/outbound/guard.ts'
import { createCogProvider } from '../../src/providers/cog/cog.ts'
import { greetingImage } from '../support/containers/image-app.ts'
import { startScriptedEngine } from '../support/containers/scripted-engine.ts'
import { eventually } from '../support/eventually.ts'
import { namedPerson } from '../support/named-person.ts'
import { createSharedDatabase, type SharedDatabase } from '../support/shared-database.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import type { TestApp } from '../support/test-app.ts'

const greets = greetingImage('1')
const model = { owner: 'team', name: 'greets' }

let database: SharedDatabase
let engine: Awaited<ReturnType<typeof startScriptedEngine>>

beforeEach(async () => {
  database = await createSharedDatabase()
  engine = await startScriptedEngine({ images: [greets], registry: [greets] })
})
afterEach(async () => {
  await database.close()
  await engine.close()
})

function open(port?: number): Promise<TestApp> {
  return database.open({
    ...(port === undefined ? {} : { port }),
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_ENGINE: `unix://${engine.address.socket}`,
    },
    providers: (config, records, _keys, { engines, deployments }) => [
      createCogProvider({
        models: [],
        ...{ records, deployments, engines },
        folder: join(config.data, 'cog'),
        guard: createGuard({ allow: [] }),
        now: Date.now,
      }),
    ],
  })
}

async function addModel(app: TestApp): Promise<void> {
  const answer = await namedPerson(app, 'olga').post('/models', {
    where: greets.name,
    name: 'team/greets',
  })
  expect(answer.status, await answer.text()).toBe(303)
}

/** Starts a run at a server, which any of them may run. */
async function start({ runner }: TestApp): Promise<string> {
  await eventually(async () => expect(await runner.findModel(model)).not.toBeNull())
  const found = await runner.findModel(model)
  if (!found) throw new Error('The model is gone')
  const request = { input: { name: 'Ada' }, files: [], createdBy: 'olga', formKey: null }
  const started = await runner.start({ ...request, model: found, source: 'api' })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

async function succeeds({ runner }: TestApp, id: string): Promise<void> {
  await eventually(async () => {
    const { status, error } = (await runner.find(id)) ?? {}
    expect({ status, error }).toEqual({ status: 'succeeded', error: null })
  })
}

const instancesOf = (app: TestApp) => {
  const [instances] = app.deps.providers.flatMap((one) => one.instances ?? [])
  if (!instances) throw new Error('no containers are started here')
  return instances
}

it('are those of all servers: one runs them, and the others find them', async () => {
  const first = await open()
  const second = await open()
  await addModel(first)
  const runs = await Promise.all([first, second, first, second].map(start))
  for (const id of runs) await succeeds(second, id)
  expect(engine.containers()).toHaveLength(1)
  for (const app of [first, second])
    await eventually(() => {
      expect(instancesOf(app).of(model)).toMatchObject([{ phase: 'ready', runs: 0 }])
      expect(app.deps.providers[0]?.warmth(model)).toBe('warm')
    })
})

it('go on when the server that runs them stops', async () => {
  const first = await open()
  await addModel(first)
  await succeeds(first, await start(first))
  const [container] = engine.containers()
  const second = await open()
  await first.close()
  await succeeds(second, await start(second))
  expect(engine.containers()).toEqual([container])
  expect(engine.asked.filter((one) => one === 'POST /containers/create')).toHaveLength(1)
})

it('go on when the server that runs them loses the database, and it touches none of them then', async () => {
  const proxy = await startTcpProxy(Number(new URL(inject('postgres')).port))
  onTestFinished(proxy.close)
  const first = await open(proxy.port)
  await addModel(first)
  await succeeds(first, await start(first))
  const second = await open()
  proxy.refuse(true)
  proxy.cut()
  await succeeds(second, await start(second))
  await eventually(() => expect(instancesOf(second).of(model)).toHaveLength(1))
  const [name = ''] = instancesOf(second)
    .of(model)
    .map((one) => one.name)
  expect(await instancesOf(second).stop(name)).toBe(true)
  await eventually(() => expect(engine.containers()).toEqual([]))
  await succeeds(second, await start(second))
  expect(engine.containers()).toHaveLength(1)
})

it('are drained, stopped and asked for their memory from any server', async () => {
  const first = await open()
  const second = await open()
  await addModel(first)
  await succeeds(second, await start(second))
  const instances = instancesOf(second)
  await eventually(() => expect(instances.of(model)).toHaveLength(1))
  const [name = ''] = instances.of(model).map((one) => one.name)
  expect(await instances.memoryOf(name)).toEqual({ used: 700, most: 2_000 })
  expect(await instances.drain(name)).toBe(true)
  await eventually(() => expect(engine.containers()).toEqual([]))
  await eventually(async () => expect(await instances.stop(name)).toBe(false))
})

it('are looked after while another image is pulled, however much its engine says of that', async () => {
  const first = await open()
  const second = await open()
  await addModel(first)
  await succeeds(second, await start(second))
  const [instance] = instancesOf(first).of(model)
  if (instance) await instancesOf(first).stop(instance.name)
  await eventually(() => expect(engine.containers()).toEqual([]))
  engine.images.clear()
  engine.faults.pullWrites = true
  const waiting = await start(second)
  const instances = instancesOf(second)
  await eventually(() => expect(instances.of(model)).toMatchObject([{ phase: 'pulling' }]))
  for (let times = 0; times < 20; times++) expect(await instances.stop('another')).toBe(false)
  engine.faults.pullWrites = false
  await succeeds(first, waiting)
  expect(engine.pulls).toHaveLength(1)
})

it('say at each server why they cannot be started, until they are tried again', async () => {
  const first = await open()
  const second = await open()
  await addModel(first)
  engine.faults.start = 'no such device'
  const id = await start(second)
  await eventually(() =>
    expect(instancesOf(second).failures(model)[0]?.sentence).toContain('no such device'),
  )
  const [failure] = instancesOf(second).failures(model)
  expect((failure?.notBefore ?? 0) - (failure?.at ?? 0)).toBeGreaterThanOrEqual(1_000)
  delete engine.faults.start
  await instancesOf(second).tryAgain(model)
  await succeeds(second, id)
})

/** Makes the database refuse a change of the requests for containers. Resolves with what tells how often it has, and ends it. */
async function refuseRequests(when: string) {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`
    create sequence refusals;
    create function refuse() returns trigger language plpgsql as
      $$ begin perform nextval('refusals'); raise exception 'no room'; end $$;
    create trigger refusing before ${when} execute function refuse()`)
  return {
    times: async () =>
      Number((await client.query('select last_value from refusals where is_called')).rowCount),
    async end(): Promise<void> {
      await client.query('drop trigger refusing on instance_requests')
      await client.end()
    },
  }
}

it('are given to a run whose answer could not be written at first', async () => {
  const app = await open()
  await addModel(app)
  const refused = await refuseRequests(
    'update on instance_requests for each row when (new.answer is not null)',
  )
  const id = await start(app)
  await eventually(async () => expect(await refused.times()).toBe(1))
  await refused.end()
  await succeeds(app, id)
  await eventually(() => expect(instancesOf(app).of(model)).toMatchObject([{ runs: 0 }]))
})

it('are not waited for by a run that could not ask for one', async () => {
  const app = await open()
  await addModel(app)
  const refused = await refuseRequests('insert on instance_requests for each row')
  const id = await start(app)
  await eventually(async () => expect((await app.runner.find(id))?.status).toBe('failed'))
  await refused.end()
  await succeeds(app, await start(app))
})

it('are not waited for without end while no server runs them', async () => {
  const locks = createPostgresLocks({ url: database.url, onLost() {} })
  const held = Promise.withResolvers<void>()
  const holding = locks.alone('containers', () => held.promise)
  const server = await open()
  await addModel(server)
  const pressed = await namedPerson(server, 'olga').post('/settings/models/team/greets/instances', {
    press: 'try again',
  })
  expect(pressed.status).toBe(503)
  expect(await pressed.text()).toContain('does not answer at the moment')
  held.resolve()
  await holding
  await locks.close()
  await instancesOf(server).tryAgain(model)
  await succeeds(server, await start(server))
})
