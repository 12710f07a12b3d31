import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { type Replica, type Replicas, startReplicas } from '../support/replicas.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { newDatabase } from './support.ts'

const models = writeModels({
  gate: `
    import { existsSync } from 'node:fs'
    import { setTimeout as delay } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/gate',
      description: 'Ends when a file is there.',
      input: z.object({ path: z.string() }),
      output: z.string(),
      copies: 8,
      async *run({ path }) {
        yield 'begun by ' + process.pid
        while (!existsSync(path)) await delay(20)
      },
    })`,
})

let two: Replicas
beforeAll(async () => {
  two = await startReplicas({
    count: 2,
    database: await newDatabase(),
    environment: { SANDPIT_MODELS: models },
  })
}, 120_000)
afterAll(async () => {
  await two?.stop()
})

const api = () => apiAt(two.url)
/** A path at which nothing ever is. */
const never = '/nonexistent'

async function outputOf(id: string): Promise<string> {
  return String((await api().find(id)).output)
}

/** Starts a run at a replica, and waits until it has begun. */
async function begunAt(replica: Replica): Promise<string> {
  const { id } = await apiAt(replica.url).run('team/gate', { path: never })
  await eventually(async () => expect(await outputOf(id)).toContain('begun'))
  return id
}

it('answers held requests, is not ready, and goes on to answer until it ends', async () => {
  const [leaving] = two.replicas as [Replica]
  const { url } = leaving
  const id = await begunAt(leaving)
  const page = await (await fetch(`${url}/p/${id}`)).text()
  const seen = /seen=([^"&]+)/.exec(page)?.[1]
  const panel = fetch(`${url}/p/${id}/panel?seen=${seen}`).then((answer) => answer.text())
  const { stream } = (await apiAt(url).find(id)).urls
  const streamed = (await fetch(String(stream).replace(two.url, url))).body?.values()

  expect(Buffer.from((await streamed?.next())?.value ?? []).toString()).toContain('begun')
  const ended = leaving.end('SIGTERM')
  expect(await panel).toContain('data-status="processing"')
  expect(await streamed?.next()).toMatchObject({ done: true })
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect(await ended).toEqual({ code: 0, signal: null })
})

it('leaves to the others what it accepts meanwhile, and what it runs', async () => {
  const [leaving] = two.replicas as [Replica]
  await leaving.start()
  const { url } = leaving
  const id = await begunAt(leaving)
  const before = await outputOf(id)
  const ended = leaving.end('SIGTERM')
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503))
  const taken = await apiAt(url).run('team/gate', { path: import.meta.filename })
  await eventually(async () => expect((await api().find(taken.id)).status).toBe('succeeded'))
  expect(await ended).toEqual({ code: 0, signal: null })
  await eventually(async () => {
    expect(await outputOf(id)).toContain('begun')
    expect(await outputOf(id)).not.toBe(before)
    // When its replica could not give it back, it is taken over once that one is dead for long enough.
  }, 60_000)
})

it('ends without a database that no longer answers', async () => {
  const url = new URL(await newDatabase())
  const proxy = await startTcpProxy(Number(url.port))
  onTestFinished(proxy.close)
  url.port = String(proxy.port)
  const one = await startReplicas({ count: 1, database: url.href })
  onTestFinished(() => one.stop())
  const [leaving] = one.replicas as [Replica]
  proxy.stall(true)
  expect(await leaving.end('SIGTERM')).toEqual({ code: 1, signal: null })
})
