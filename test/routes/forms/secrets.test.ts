import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const models = writeModels({
  login: `
    import { existsSync } from 'node:fs'
    import { defineModel, secret, z } from 'sandpit/model'
    export const login = defineModel({
      name: 'test/login',
      description: 'Takes secrets at any depth.',
      input: z.object({
        prompt: z.string().optional(),
        count: z.int().max(9).optional(),
        auth: z.object({ user: z.string(), key: secret() }).optional(),
        keys: z.array(secret()).optional(),
        token: secret().optional(),
        said: z.array(z.string()).optional(),
        fails: z.string().optional(),
        until: z.string().optional(),
      }),
      output: z.any(),
      copies: 2,
      async run({ auth, keys, token, said = [], fails, until }, ctx) {
        while (until && !existsSync(until) && !ctx.signal.aborted)
          await new Promise((resolve) => setTimeout(resolve, 5))
        for (const one of said) {
          process.stdout.write(one)
          await new Promise((resolve) => setTimeout(resolve, 40))
        }
        if (said.length > 0) ctx.progress({ fraction: 0.5, label: 'with ' + (token ?? '') })
        if (said.includes('wait')) await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
        if (fails) throw new Error('It failed with ' + token)
        return { user: auth?.user, key: auth?.key.length, keys: keys?.map((key) => key.length) }
      },
    })`,
})

let sandpit: TestApp
const logged: object[] = []
beforeAll(async () => {
  const log = {
    info: (details: object) => void logged.push(details),
    error: (details: object) => void logged.push(details),
  }
  sandpit = await createTestApp({ models: [models], log })
})
afterAll(() => sandpit.close())

async function run(values: FormValues) {
  const visitor = createVisitor(sandpit)
  const response = await visitor.run('test/login', values)
  expect(response.status, await response.clone().text()).toBe(303)
  const id = idIn(response)
  return { visitor, id }
}

async function made(values: FormValues): Promise<Prediction> {
  const { id } = await run(values)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  if (!prediction) throw new Error('There is no such prediction')
  return prediction
}

const auth = '{"user": "ada", "key": "hunter2-secret"}'

describe('a secret within an input', () => {
  it('reaches the model, and is nowhere else', async () => {
    const { visitor, id } = await run({ auth, keys: '["hunter2-a", "hunter2-bc"]' })
    const prediction = await sandpit.runner.settledWithin(id, 60_000)
    expect(prediction).toMatchObject({
      error: null,
      output: { user: 'ada', key: 14, keys: [9, 10] },
      input: { auth: { user: 'ada', key: '[REDACTED]' }, keys: ['[REDACTED]', '[REDACTED]'] },
    })
    expect(await sandpit.store.findSecrets(id)).toBeNull()
    const shared = await visitor.post(`/p/${id}/shares`, {})
    const share = /\/s\/[a-z2-7]{26}/.exec(await shared.text())?.[0]
    const shares = shared.headers.get('Location') ?? share ?? ''
    for (const path of [
      ...[`/p/${id}`, `/p/${id}/prediction.json`, `/p/${id}/panel`, `/p/${id}/logs.txt`],
      ...[`/test/login?from=${id}`, '/predictions', shares],
    ]) {
      const response = await visitor.request(path)
      expect(await response.text(), path).not.toContain('hunter2')
    }
    expect(JSON.stringify(logged)).not.toContain('hunter2')
    for (const name of readdirSync(sandpit.data).filter((one) => one.startsWith('sandpit.sqlite')))
      expect(readFileSync(join(sandpit.data, name)).includes('hunter2'), name).toBe(false)
  })

  it('is asked for again by Run again, and by a Tweak that still lacks it', async () => {
    const { visitor, id } = await run({ auth })
    await sandpit.runner.settledWithin(id, 60_000)
    const again = await visitor.post('/predictions', {
      ...(await visitor.openForm('test/login')),
      from: id,
    })
    expect(again.status).toBe(422)
    expect(await again.text()).toContain('Secrets are not saved')
    const tweaked = await visitor.run('test/login', { auth: '{"user":"bob","key":"[REDACTED]"}' })
    expect(tweaked.status).toBe(422)
    const given = await made({ auth: '{"user": "bob", "key": "another-key"}' })
    expect(given.output).toMatchObject({ user: 'bob', key: 11 })
  })

  it('is not echoed by a form that comes back, whatever is wrong with it', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/login')
    const post = async (values: FormValues) => {
      const response = await visitor.post('/predictions', { ...hidden, ...values })
      return { status: response.status, text: await response.text() }
    }
    const json = `{"auth": ${auth}, "token": "hunter2", "keys": ["hunter2"], "count": `
    for (const values of [
      { 'input.auth': auth, 'input.count': '99' },
      { 'input.auth': `${auth},`, 'input.keys': '["hunter2",]' },
      { 'input.auth': '{"user": 7, "key": "hunter2"}' },
      { 'input.auth': '{"user": "ada", "key": 7, "hunter": "ok"}', 'input.token': 'hunter2' },
      { json: `${json}99}` },
      { json: `${json}1,}` },
      { json: `${json}` },
      { 'input.auth': auth, version: 'other' },
    ]) {
      const { status, text } = await post(values)
      expect([409, 422], JSON.stringify(values)).toContain(status)
      expect(text, JSON.stringify(values)).not.toContain('hunter2')
      expect(text).toMatch(/REDACTED|input\.auth/)
    }
    for (const pressed of [
      { view: 'json' },
      { add: 'said' },
      { link: 'inputs' },
      { view: 'form', json: `${json}1}` },
      { link: 'inputs', json: `${json}1}` },
    ]) {
      const { status, text } = await post({ 'input.auth': auth, 'input.count': '3', ...pressed })
      expect(status).toBe(200)
      expect(text, JSON.stringify(pressed)).not.toContain('hunter2')
    }
    const linked = await visitor.request(`/test/login?auth=${encodeURIComponent(auth)}`)
    expect(await linked.text()).not.toContain('hunter2')
  })

  it('is given in the JSON of the whole input, too', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/login')
    const json = `{"auth": ${auth}, "token": "hunter2"}`
    const response = await visitor.post('/predictions', { ...hidden, json })
    expect(response.status).toBe(303)
    const id = idIn(response)
    const prediction = await sandpit.runner.settledWithin(id, 60_000)
    expect(prediction?.output).toMatchObject({ user: 'ada', key: 14 })
    expect(JSON.stringify(prediction)).not.toContain('hunter2')
  })
})

it('is there for a run that is taken up after the server stopped', async () => {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-test-'))
  const until = join(data, 'go on')
  const first = await createTestApp({ models: [models], data })
  const visitor = createVisitor(first)
  const response = await visitor.run('test/login', { auth, until })
  const id = idIn(response)
  const holds = async () => expect((await first.runner.find(id))?.status).toBe('processing')
  await eventually(holds)
  await first.close()
  const second = await createTestApp({ models: [models], data })
  writeFileSync(until, '')
  await second.runner.recover()
  const prediction = await second.runner.settledWithin(id, 60_000)
  expect(prediction).toMatchObject({ attempt: 2, output: { user: 'ada', key: 14 } })
  expect(prediction?.input.auth).toEqual({ user: 'ada', key: '[REDACTED]' })
  await second.close()
  rmSync(data, { recursive: true, force: true })
})

describe('what a run says', () => {
  it('loses the secrets it was given, even one that comes in pieces', async () => {
    const said = ['token is hunt', 'er2-se', 'cret\nkey: hunter2-deep\n', 'the hunt goes on']
    const prediction = await made({
      token: 'hunter2-secret',
      auth: '{"user": "ada", "key": "hunter2-deep"}',
      said: ['unset', ...said],
    })
    expect(prediction.logs).toBe('token is [REDACTED]\nkey: [REDACTED]\nthe hunt goes on')
  })

  it('loses them from its error, and from the stack in its logs', async () => {
    const prediction = await made({ token: 'hunter2-secret', fails: 'yes' })
    expect(prediction.error).toBe('It failed with [REDACTED]')
    expect(prediction.logs).toContain('Error: It failed with [REDACTED]')
    expect(JSON.stringify(prediction)).not.toContain('hunter2')
  })

  it('loses them from its progress, and keeps its last words when it is canceled', async () => {
    const { id } = await run({ token: 'hunter2-secret', said: ['unset', 'on the hunt', 'wait'] })
    const label = async () => (await sandpit.runner.find(id))?.progress?.label
    await eventually(async () => expect(await label()).toBe('with [REDACTED]'))
    await sandpit.runner.cancel(id)
    const prediction = await sandpit.runner.find(id)
    expect(prediction).toMatchObject({ status: 'canceled', logs: 'on the huntwait' })
  })
})
