import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const waiter = (name: string) => `
  import { existsSync } from 'node:fs'
  import { defineModel, z } from 'sandpit/model'
  export const ${name} = defineModel({
    name: 'test/${name}',
    description: 'Waits for a file.',
    input: z.object({ path: z.string().default('') }),
    output: z.string(),
    async run({ path }, { signal }) {
      while (path !== '' && !existsSync(path) && !signal.aborted)
        await new Promise((next) => setTimeout(next, 5))
      return 'done'
    },
  })`

const models = writeModels({
  waiter: waiter('waiter'),
  other: waiter('other'),
  chain: `
    import { defineModel, z } from 'sandpit/model'
    export const chain = defineModel({
      name: 'test/chain',
      description: 'Runs another model, twice.',
      input: z.object({}),
      output: z.string(),
      async run(_input, ctx) {
        await ctx.run('test/other', {})
        return await ctx.run('test/other', {})
      },
    })`,
})

const midday = Date.UTC(2026, 0, 1, 17, 48)
let now = midday
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  now = midday
})

async function start(quota: string, data?: string, more = {}): Promise<TestApp> {
  const sandpit = await createTestApp({
    environment: {
      SANDPIT_AUTH: 'header:x-user',
      SANDPIT_OPERATORS: 'opal',
      SANDPIT_QUOTA: `member=${quota}`,
      ...more,
    },
    models: [models],
    now: () => now,
    ...(data === undefined ? {} : { data }),
  })
  closing.push(sandpit.close)
  return sandpit
}

const as = namedPerson

/** Runs a model to its end. */
async function run(sandpit: TestApp, name: string): Promise<Response> {
  const response = await as(sandpit, name).run('/test/waiter')
  if (response.status === 303) await sandpit.runner.settledWithin(idIn(response), 60_000)
  return response
}

function begins(sandpit: TestApp, id: string): Promise<void> {
  return eventually(async () => {
    expect(await sandpit.runner.find(id)).toMatchObject({ status: 'processing' })
  })
}

const bar = async (sandpit: TestApp, name: string, model = 'test/waiter') =>
  /<span id="quota-used">([^<]*)/.exec(await (await as(sandpit, name).ask(`/${model}`)).text())?.[1]

describe('runs of a day', () => {
  it('are counted beside Run, and refused with the form as it was when all are used', async () => {
    const sandpit = await start('day:2')
    expect(await bar(sandpit, 'ann')).toBe(' · 0 of 2 runs today')
    for (const _ of [1, 2]) expect((await run(sandpit, 'ann')).status).toBe(303)
    expect(await bar(sandpit, 'ann')).toBe(' · 2 of 2 runs today')

    const refused = await as(sandpit, 'ann').run('/test/waiter', { 'input.path': '/typed/by/ann' })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('Retry-After')).toBe(String(6 * 3600 + 12 * 60))
    const page = await refused.text()
    expect(page).toContain('All 2 runs of today are used')
    expect(page).toContain('More from midnight UTC, in 6 h 12 min.')
    expect(page).toContain('/typed/by/ann')
    expect(page).toContain('Your inputs and files are still here.')

    expect((await run(sandpit, 'bob')).status).toBe(303)
    now = Date.UTC(2026, 0, 2)
    expect(await bar(sandpit, 'ann')).toBe(' · 0 of 2 runs today')
    expect((await run(sandpit, 'ann')).status).toBe(303)
  })

  it('are refused to scripts and to Run again alike', async () => {
    const sandpit = await start('day:1')
    const first = await run(sandpit, 'ann')
    const ann = as(sandpit, 'ann')
    const hidden = await ann.openForm('/test/waiter')
    const form = new FormData()
    for (const [name, value] of Object.entries(hidden)) form.append(name, value)
    const scripted = await ann.ask('/predictions', {
      method: 'POST',
      body: form,
      headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    })
    expect(scripted.status).toBe(429)
    expect(scripted.headers.get('HX-Retarget')).toBe('#prediction-form')
    expect(scripted.headers.get('Sandpit')).toBe('fragment')
    const { key: _key, ...again } = hidden
    const repeated = await ann.post('/predictions', { ...again, from: idIn(first) })
    expect(repeated.status).toBe(429)
  })

  it('count a double click as one', async () => {
    const sandpit = await start('day:1')
    const ann = as(sandpit, 'ann')
    const hidden = await ann.openForm('/test/waiter')
    const [first, second] = [
      await ann.post('/predictions', hidden),
      await ann.post('/predictions', hidden),
    ]
    expect([first.status, second.status]).toEqual([303, 303])
    expect(idIn(second)).toBe(idIn(first))
    expect(await bar(sandpit, 'ann')).toBe(' · 1 of 1 runs today')
  })

  it('are given back by no removal, and known after a restart', async () => {
    const data = mkdtempSync(join(tmpdir(), 'sandpit-quotas-'))
    const first = await start('day:2', data)
    const removed = idIn(await run(first, 'ann'))
    await run(first, 'ann')
    await first.runner.remove(removed)
    expect((await run(first, 'ann')).status).toBe(429)
    await closing.pop()?.()
    const second = await start('day:1', data)
    expect((await run(second, 'ann')).status).toBe(429)
    closing.unshift(async () => rmSync(data, { recursive: true, force: true }))
  })

  it('are not counted of operators, nor shown to them', async () => {
    const sandpit = await start('day:1')
    for (const _ of [1, 2, 3]) expect((await run(sandpit, 'opal')).status).toBe(303)
    expect(await bar(sandpit, 'opal')).toBe('')
  })

  it('can be set for one person, and lifted', async () => {
    const sandpit = await start('day:1')
    expect((await run(sandpit, 'ann')).status).toBe(303)
    expect((await run(sandpit, 'ann')).status).toBe(429)
    await sandpit.store.changePerson('ann', { quota: { perDay: 2 } })
    await eventually(async () => expect(await bar(sandpit, 'ann')).toBe(' · 1 of 2 runs today'))
    expect((await run(sandpit, 'ann')).status).toBe(303)
    expect((await run(sandpit, 'ann')).status).toBe(429)
    await sandpit.store.changePerson('ann', { quota: { perDay: null } })
    await eventually(async () => expect(await bar(sandpit, 'ann')).toBe(''))
    expect((await run(sandpit, 'ann')).status).toBe(303)
  })

  it('count the runs that a run started', async () => {
    const sandpit = await start('day:2,running:1')
    const response = await as(sandpit, 'ann').run('/test/chain')
    const ended = await sandpit.runner.settledWithin(idIn(response), 60_000)
    expect(ended).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('All 2 runs of today are used, until midnight UTC.'),
    })
  })
})

it('limits the time of models in a day', async () => {
  const sandpit = await start('time:1m')
  const done = join(sandpit.data, 'done')
  const response = await as(sandpit, 'ann').run('/test/waiter', { 'input.path': done })
  await begins(sandpit, idIn(response))
  now += 61_000
  writeFileSync(done, '')
  await sandpit.runner.settledWithin(idIn(response), 60_000)
  await eventually(async () =>
    expect(await bar(sandpit, 'ann')).toBe(' · 1 min of 1 min of model time today'),
  )
  const refused = await run(sandpit, 'ann')
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('All 1 min of model time of today are used')
})

it('limits the runs of a minute', async () => {
  const sandpit = await start('minute:2')
  for (const _ of [1, 2]) expect((await run(sandpit, 'ann')).status).toBe(303)
  now += 20_000
  const refused = await run(sandpit, 'ann')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('Retry-After')).toBe('40')
  expect(await refused.text()).toContain('More in 40 s.')
  now += 40_000
  expect((await run(sandpit, 'ann')).status).toBe(303)
})

describe('of the predictions of one person', () => {
  it('no more wait than may', async () => {
    const sandpit = await start('waiting:2')
    const path = join(sandpit.data, 'done')
    const ann = as(sandpit, 'ann')
    const accepted = []
    for (const _ of [1, 2, 3]) accepted.push(await ann.run('/test/waiter', { 'input.path': path }))
    expect(accepted.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(await bar(sandpit, 'ann')).toBe(' · 2 of yours wait')
    const refused = await ann.run('/test/waiter', { 'input.path': path })
    expect(refused.status).toBe(429)
    expect(await refused.text()).toContain('2 of yours wait already')
    writeFileSync(path, '')
    for (const one of accepted) await sandpit.runner.settledWithin(idIn(one), 60_000)
    expect((await run(sandpit, 'ann')).status).toBe(303)
  })

  it('no more run at once than may, in all models; the others wait and hold up nobody', async () => {
    const sandpit = await start('running:1')
    const path = join(sandpit.data, 'done')
    const first = idIn(await as(sandpit, 'ann').run('/test/waiter', { 'input.path': path }))
    const second = idIn(await as(sandpit, 'ann').run('/test/other'))
    await begins(sandpit, first)
    const bobs = idIn(await as(sandpit, 'bob').run('/test/other'))
    expect(await sandpit.runner.settledWithin(bobs, 60_000)).toMatchObject({ status: 'succeeded' })
    expect(await sandpit.runner.find(second)).toMatchObject({ status: 'starting' })
    writeFileSync(path, '')
    expect(await sandpit.runner.settledWithin(second, 60_000)).toMatchObject({
      status: 'succeeded',
    })
  })
})

it('says nothing of limits where there are none', async () => {
  const sandpit = await createTestApp({ models: [models] })
  closing.push(sandpit.close)
  expect(await bar(sandpit, 'ann')).toBe('')
})

it('limits how often a form is sent', async () => {
  const sandpit = await createTestApp({ models: [models], environment: { SANDPIT_RATE: '2,100' } })
  closing.push(sandpit.close)
  const visitor = createVisitor(sandpit)
  for (const _ of [1, 2]) expect((await visitor.run('test/waiter', {})).status).toBe(303)
  const refused = await visitor.run('test/waiter', { path: '/typed' })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
  const page = await refused.text()
  expect(page).toContain('Too many runs in a minute')
  expect(page).toContain('/typed')
})

describe('a program', () => {
  async function create(sandpit: TestApp, token: string) {
    const response = await sandpit.app.request('/v1/models/test/waiter/predictions', {
      method: 'POST',
      headers: {
        Host: 'localhost',
        Authorization: `Bearer ${token}`,
        Prefer: 'wait',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ input: {} }),
    })
    const header = (name: string) => response.headers.get(name)
    const left = ['limit', 'remaining', 'reset'].map((name) => header(`ratelimit-${name}`))
    return {
      status: response.status,
      left,
      retry: header('Retry-After'),
      json: await response.json(),
    }
  }

  async function makeToken(sandpit: TestApp, name: string): Promise<string> {
    const person = as(sandpit, name)
    const key = /name="key" value="(\w+)"/.exec((await person.get('/account')).text)?.[1] ?? ''
    const asked = { key, name: 'notebook', scopes: 'read run', account: name, ends: '90' }
    const made = await (await person.post('/account/tokens', asked)).text()
    return /value="(sandpit_\w{36})"/.exec(made)?.[1] ?? ''
  }

  it('shares the limits of its person, and is told what is left', async () => {
    const sandpit = await start('day:3')
    const tokens = [await makeToken(sandpit, 'ann'), await makeToken(sandpit, 'ann')]
    const [one = '', other = ''] = tokens
    const untilMidnight = String(6 * 3600 + 12 * 60)
    expect(await create(sandpit, one)).toMatchObject({
      status: 201,
      left: ['3', '2', untilMidnight],
    })
    expect(await create(sandpit, other)).toMatchObject({
      status: 201,
      left: ['3', '1', untilMidnight],
    })
    expect((await run(sandpit, 'ann')).status).toBe(303)
    expect(await create(sandpit, one)).toMatchObject({
      status: 429,
      left: ['3', '0', untilMidnight],
      retry: untilMidnight,
      json: {
        title: 'Quota used up',
        detail: 'All 3 runs of today are used. More from midnight UTC, in 6 h 12 min.',
        status: 429,
      },
    })
  })

  it('shares its rate with the other tokens of its person', async () => {
    const sandpit = await start('day:100', undefined, { SANDPIT_RATE: '2,100' })
    const [one, other] = [await makeToken(sandpit, 'ann'), await makeToken(sandpit, 'ann')]
    expect((await create(sandpit, one)).status).toBe(201)
    expect((await create(sandpit, other)).status).toBe(201)
    expect((await create(sandpit, one)).status).toBe(429)
    expect((await run(sandpit, 'ann')).status).toBe(429)
    expect((await run(sandpit, 'bob')).status).toBe(303)
  })
})
