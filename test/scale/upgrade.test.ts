import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { newerCheckout } from '../support/newer-checkout.ts'
import { query } from '../support/postgres.ts'
import { type Replica, type Replicas, startReplicas } from '../support/replicas.ts'
import { newDatabase } from './support.ts'

const models = writeModels({
  slow: `
    import { setTimeout as delay } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'team/slow',
      description: 'Takes a while.',
      input: z.object({ text: z.string(), ms: z.number().int() }),
      output: z.string(),
      copies: 4,
      async *run({ text, ms }) {
        yield text
        await delay(ms)
        yield '.'
      },
    })`,
})

let database: string
let replicas: Replicas
beforeAll(async () => {
  database = await newDatabase()
  const environment = { SANDPIT_MODELS: models, SANDPIT_RATE: 'off' }
  replicas = await startReplicas({ count: 2, database, environment })
}, 120_000)
afterAll(async () => {
  await replicas?.stop()
})

/** What clients saw while they asked. */
interface Seen {
  readonly accepted: string[]
  readonly failures: string[]
}

/** Sends runs and reads pages of a server, one after another, until `signal` aborts. */
async function ask(url: string, signal: AbortSignal, { accepted, failures }: Seen): Promise<void> {
  while (!signal.aborted) {
    const body = JSON.stringify({ version: 'team/slow', input: { text: 'a', ms: 100 } })
    const headers = { 'Content-Type': 'application/json' }
    const made = await fetch(`${url}/v1/predictions`, { method: 'POST', headers, body })
    const text = await made.text()
    if (made.status === 201) accepted.push(JSON.parse(text).id)
    else failures.push(`${made.status} ${text}`)
    for (const path of ['/predictions', '/team/slow', `/p/${accepted.at(-1)}`]) {
      const { status } = await fetch(`${url}${path}`)
      if (status !== 200) failures.push(`${status} ${path}`)
    }
  }
}

const statusAt = async ({ url }: Replica, id: string) => (await apiAt(url).find(id)).status

it('goes on without a failure while replicas are replaced one by one', {
  timeout: 240_000,
}, async () => {
  const [first, second] = replicas.replicas as [Replica, Replica]
  const over = new AbortController()
  const seen: Seen = { accepted: [], failures: [] }
  const asking = replicas.replicas.map(({ url }) => ask(url, over.signal, seen))
  await eventually(() => expect(seen.accepted.length).toBeGreaterThan(10))

  const newer = await replicas.add(newerCheckout())
  const [migrated] = await query(
    database,
    `select name from kysely_migration order by name desc limit 1`,
  )
  expect(migrated).toEqual({ name: '999-newer' })
  const before = seen.accepted.length
  await eventually(() => expect(seen.accepted.length).toBeGreaterThan(before + 20))
  over.abort()
  await Promise.all(asking)
  expect(seen.failures).toEqual([])

  const input = { text: 'b', ms: 1_000 }
  const made = await Promise.all(
    [first, newer].map(({ url }) => apiAt(url).run('team/slow', input)),
  )
  for (const { id } of made)
    for (const replica of [first, second, newer])
      await eventually(async () => expect(await statusAt(replica, id)).toBe('succeeded'))

  const long = await apiAt(first.url).run('team/slow', { text: 'c', ms: 12_000 })
  await eventually(async () => expect((await apiAt(first.url).find(long.id)).output).toEqual(['c']))
  expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null })
  await expect(first.start()).rejects.toThrow('was written by a newer version of Sandpit')
  await eventually(async () => expect(await statusAt(newer, long.id)).toBe('succeeded'), 60_000)
  expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null })
  for (const id of seen.accepted) expect(await statusAt(newer, id)).toBe('succeeded')
})
