import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keyFor } from '../../src/data-folder.ts'
import type { Model } from '../../src/domain/model/model.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { webhookSecret } from '../../src/webhooks/secret.ts'
import { idOf, predictionOf } from '../support/domain.ts'
import { eventually } from '../support/eventually.ts'
import { answers, isGenuine, type Receiver, startReceiver } from '../support/receiver.ts'
import { type Server, startServer } from '../support/server.ts'
import { createTestApp } from '../support/test-app.ts'
import { fates, models } from '../webhooks/support.ts'

const kills = 8

const data = mkdtempSync(join(tmpdir(), 'sandpit-webhooks-'))
let receiver: Receiver
let model: Model
let server: Server | null = null
let made = 0

beforeAll(async () => {
  receiver = await startReceiver()
  const sandpit = await createTestApp({ data, models: [models] })
  const found = await sandpit.runner.findModel({ owner: 'test', name: 'quick' })
  if (!found) throw new Error('The model is not there.')
  model = found
  await sandpit.close()
})
afterAll(async () => {
  await server?.stop('SIGKILL')
  await receiver.close()
})

async function start(): Promise<Server> {
  server = await startServer({
    data,
    environment: { SANDPIT_MODELS: models, SANDPIT_OUTBOUND_ALLOW: '127.0.0.1' },
  })
  return server
}

async function inStore<T>(use: (store: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>) {
  const store = await openSqlite(join(data, 'sandpit.sqlite'))
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

/** Leaves a prediction for the server to run: it was accepted, and then the server was killed. */
function leave(): Promise<string> {
  const prediction = predictionOf({
    id: idOf(++made),
    model: model.ref,
    version: model.version.id,
    provider: model.provider,
    input: { text: 'Ada' },
    createdAt: Date.now(),
    webhook: { url: receiver.url, events: ['start', 'completed'] },
  })
  return inStore(async (store) => (await store.accept(prediction, model.version, null)).id)
}

const deliveriesOf = (id: string) => inStore((store) => store.deliveriesOf(id))

async function expectGenuine(): Promise<void> {
  const secret = webhookSecret(keyFor('cookies', null, data), 'ada')
  for (const one of receiver.received) expect(await isGenuine(one, secret)).toBe(true)
}

it('tries again after it was killed between two tries', async () => {
  receiver.behave(answers(503))
  const id = await leave()
  const killed = await start()
  await eventually(async () => {
    const [first, second] = fates(await deliveriesOf(id))
    expect(first).toMatch(/^start: pending, \d+, 503$/)
    expect(second).toBe('completed: waiting, 0, null')
  })
  await killed.stop('SIGKILL')
  receiver.behave(answers(200))
  await start()
  await eventually(async () => {
    const [first, second] = fates(await deliveriesOf(id))
    expect(first).toMatch(/^start: delivered, \d+, 200$/)
    expect(second).toBe('completed: delivered, 1, 200')
  })
  const told = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(told.length).toBeGreaterThan(2)
  expect(told.pop()).toBe(`msg_${id}_completed`)
  expect(new Set(told)).toEqual(new Set([`msg_${id}_start`]))
  await expectGenuine()
  await server?.stop('SIGKILL')
})

it(`loses no delivery when it is killed ${kills} times`, { timeout: 240_000 }, async () => {
  const seen = new Map<string, number>()
  const left: string[] = []
  // Every delivery fails the first time, and some the second.
  receiver.behave((response, { headers }) => {
    const id = String(headers['webhook-id'])
    const times = (seen.get(id) ?? 0) + 1
    seen.set(id, times)
    if (times === 1) answers(500)(response)
    else if (times === 2 && seen.size % 5 === 0) response.socket?.destroy()
    else answers(200)(response)
  })
  for (let kill = 0; kill < kills; kill++) {
    left.push(await leave(), await leave(), await leave())
    const before = receiver.received.length
    const running = await start()
    const more = 1 + Math.floor(Math.random() * 6)
    await eventually(() => expect(receiver.received.length).toBeGreaterThanOrEqual(before + more))
    await running.stop('SIGKILL')
  }
  receiver.behave(answers(200))
  await start()
  await eventually(async () => {
    for (const id of left) {
      const deliveries = await deliveriesOf(id)
      expect(deliveries.map(({ event, state }) => [event, state])).toEqual([
        ['start', 'delivered'],
        ['completed', 'delivered'],
      ])
    }
  })
  for (const id of left) {
    const told = receiver.received.filter(({ json }) => json.id === id)
    const last = told.map(({ headers }) => headers['webhook-id']).lastIndexOf(`msg_${id}_start`)
    const end = told.findIndex(({ headers }) => headers['webhook-id'] === `msg_${id}_completed`)
    expect(end).toBeGreaterThan(last)
    expect(isSettled(told.at(-1)?.json as never)).toBe(true)
  }
  await expectGenuine()
})
