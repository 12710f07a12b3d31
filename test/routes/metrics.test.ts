import { afterAll, beforeAll, expect, it } from 'vitest'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp()
})
afterAll(() => sandpit.close())

async function metrics(): Promise<string> {
  const answer = await createVisitor(sandpit).request('/metrics')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toContain('text/plain; version=0.0.4')
  return answer.text()
}

it('counts what has ended since the start, by provider and status', async () => {
  expect(await metrics()).not.toContain('sandpit_predictions_total{')
  for (const text of ['one', 'two']) {
    const run = await createVisitor(sandpit).run('sandpit/hello-world', { text })
    const id = idIn(run)
    await sandpit.runner.settledWithin(id, 60_000)
  }
  const counted = 'sandpit_predictions_total{provider="local",status="succeeded"} 2'
  expect(await metrics()).toContain(counted)
  expect(await metrics()).toContain(counted)
})

it('counts the runs of each model by status, and how long they waited and ran', async () => {
  const text = await metrics()
  const model = 'model="sandpit/hello-world"'
  expect(text).toContain(`sandpit_model_predictions_total{${model},status="succeeded"} 2`)
  for (const name of ['sandpit_model_wait_seconds', 'sandpit_model_predict_seconds']) {
    expect(text).toContain(`# TYPE ${name} histogram\n`)
    expect(text).toContain(`${name}_bucket{le="+Inf",${model}} 2\n`)
    expect(text).toMatch(new RegExp(`^${name}_sum\\{${model}\\} [\\d.e-]+$`, 'm'))
    expect(text).toContain(`${name}_count{${model}} 2\n`)
  }
})

it('tells what runs and waits for each model, and of the process', async () => {
  const text = await metrics()
  for (const state of ['running', 'waiting'])
    expect(text).toContain(`sandpit_predictions_${state}{model="sandpit/hello-world"} 0`)
  expect(text).toMatch(/process_resident_memory_bytes \d/)
})

it('asks who is there where people have to sign in', async () => {
  const closed = await createTestApp({ environment: { SANDPIT_AUTH: 'basic:olga:a password' } })
  expect((await createVisitor(closed).request('/metrics')).status).toBe(401)
  await closed.close()
})

it.each(['header:X-User', 'basic:olga:a password'])(
  'takes a token of the API where people sign in by %s',
  async (SANDPIT_AUTH) => {
    const environment = { SANDPIT_AUTH, SANDPIT_API_TOKENS: 'one,two' }
    const closed = await createTestApp({ environment, models: [] })
    const asked = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await createVisitor(closed).request(path, { headers })).status
    for (const token of ['one', 'two'])
      expect(await asked('/metrics', { Authorization: `Bearer ${token}` })).toBe(200)
    for (const Authorization of ['Bearer three', 'Bearer', 'one', 'Basic one'])
      expect(await asked('/metrics', { Authorization })).toBe(401)
    expect(await asked('/metrics', {})).toBe(401)
    expect(await asked('/', { Authorization: 'Bearer one' })).toBe(401)
    await closed.close()
  },
)
