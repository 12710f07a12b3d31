import { createHash } from 'node:crypto'
import type { Browser } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CogServer, startCogServer } from '../providers/support/cog-server.ts'
import { apiAt } from '../support/api-at.ts'
import { startBrowser } from '../support/browser.ts'
import { startCluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { createDatabase } from '../support/postgres.ts'
import { startReceiver } from '../support/receiver.ts'
import { type Replicas, startReplicas } from '../support/replicas.ts'
import { wreak } from './chaos/havoc.ts'
import { type Accepted, runLoad } from './chaos/load.ts'
import { chaosModels, contained, copies, shared } from './chaos/models.ts'
import { openRecord } from './chaos/record.ts'
import { readStream, watchPages } from './chaos/watchers.ts'

const ms = 60_000

/**
 * A page that is open, or a stream, shows what happened at most this long after it did, in
 * milliseconds: sooner than its held request ends by itself, which would hide a change that is lost.
 */
const catchUpMs = 20_000

let cluster: Awaited<ReturnType<typeof startCluster>>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let container: CogServer
let three: Replicas
let browser: Browser
let database: string
beforeAll(async () => {
  cluster = await startCluster()
  receiver = await startReceiver()
  container = await startCogServer({ model: contained })
  browser = await startBrowser()
  database = `${cluster.url}/${await createDatabase(cluster.url)}`
  three = await startReplicas({
    database,
    environment: {
      SANDPIT_MODELS: chaosModels(),
      COG_MODELS: `chaos/contained=${container.origin}`,
      SANDPIT_RATE: 'off',
      SANDPIT_OUTBOUND_ALLOW: receiver.origin,
      LOG_LEVEL: 'info',
    },
  })
}, 180_000)
afterAll(async () => {
  await three?.stop()
  await container?.close()
  await browser?.close()
  await receiver?.close()
  await cluster?.stop()
})

it('loses nothing while replicas are killed and paused, and PostgreSQL is restarted', {
  timeout: 400_000,
}, async () => {
  const record = await openRecord(database, copies, shared)
  const accepted: Accepted[] = []
  const streams: Promise<readonly [Accepted, string]>[] = []
  const over = new AbortController()
  const given = new AbortController()
  const load = runLoad({ url: three.url, hook: receiver.url, clients: 5 }, over.signal, (one) => {
    accepted.push(one)
    if (accepted.length % 5 === 0)
      streams.push(readStream(one.stream, given.signal).then((text) => [one, text] as const))
  })
  const watching = [1, 2].map(() =>
    watchPages(browser, three.url, () => accepted.at(-1), over.signal),
  )
  const done = await wreak(three, {
    ms,
    restarts: [ms / 3, (2 * ms) / 3],
    restartDatabase: () => cluster.restart(),
  })
  // A busy machine takes longer to send enough.
  await eventually(() => expect(accepted.length).toBeGreaterThan(50), 90_000)
  over.abort()
  await load
  console.info(JSON.stringify({ ...done, accepted: accepted.length }))

  await eventually(async () => expect(await record.unsettled()).toEqual([]), 90_000)
  const settled = await record.settled()
  expect(accepted.filter(({ id }) => !settled.has(id))).toEqual([])
  for (const { id, model, output } of accepted) {
    const { status, error, text } = settled.get(id) ?? {}
    if (status === 'succeeded') expect(text?.trim()).toBe(output)
    else expect(`${model} ${status} ${error}`).toMatch(interrupted)
  }
  expect(await record.settledTwice()).toEqual([])
  expect(await record.tooMany()).toEqual([])

  const ended = () => new Set(receiver.received.map(({ json }) => json.id))
  await eventually(() => expect(accepted.filter(({ id }) => !ended().has(id))).toEqual([]), 90_000)
  for (const { id, sha256 } of accepted.filter((one) => one.sha256 !== null)) {
    const { input } = await apiAt(three.url).find(id)
    const bytes = await (await fetch(String(input.file))).arrayBuffer()
    expect(createHash('sha256').update(Buffer.from(bytes)).digest('hex')).toBe(sha256)
  }
  const late = (await Promise.all(watching)).flat().filter(({ id, openedAt, at }) => {
    return at - Math.max(settled.get(id)?.completedAt ?? 0, openedAt) > catchUpMs
  })
  expect(late).toEqual([])
  setTimeout(() => given.abort(), catchUpMs).unref()
  for (const [one, text] of await Promise.all(streams))
    if (settled.get(one.id)?.status === 'succeeded') expect(text.trim()).toContain(one.output)
  await record.close()
})

/** Why a run may fail here: it was interrupted twice, or may not run twice. */
const interrupted = /stopped twice|careful failed .*(?:stopped|not run again|not set to run again)/
