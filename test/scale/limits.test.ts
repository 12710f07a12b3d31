import { afterEach, expect, it } from 'vitest'
import { noQuota, type Quota } from '../../src/domain/people/quota.ts'
import { eventually } from '../support/eventually.ts'
import { createReplicaApps } from '../support/replica-apps.ts'
import type { TestApp } from '../support/test-app.ts'
import { models } from '../webhooks/support.ts'

let apps: Awaited<ReturnType<typeof createReplicaApps>>
afterEach(() => apps.close())

async function open(environment: Readonly<Record<string, string>> = {}) {
  apps = await createReplicaApps({ models: [models], environment })
}

async function press({ runner }: TestApp, limits: Partial<Quota>) {
  const model = await runner.findModel({ owner: 'test', name: 'quick' })
  if (!model) throw new Error('There is no model')
  const made = {
    model,
    input: { text: 'Ada' },
    files: [],
    createdBy: 'ada',
    formKey: null,
  } as const
  return runner.start({ ...made, quota: { ...noQuota, ...limits }, source: 'api' })
}

it('counts the predictions of a person over all replicas, and gives nothing back for a removal', async () => {
  await open()
  const { first, second } = apps
  const limits = { perDay: 6, perMinute: 50 }
  const started = await Promise.all(
    Array.from({ length: 20 }, (_, index) => press(index % 2 === 0 ? first : second, limits)),
  )
  const accepted = started.flatMap((one) => (one.ok ? [one.prediction.id] : []))
  expect(accepted).toHaveLength(6)
  for (const id of accepted) {
    await first.runner.settledWithin(id, 60_000)
    await first.runner.remove(id)
  }
  expect(await press(second, limits)).toMatchObject({ exceeded: { limit: 'perDay' } })
  expect(await press(second, { perMinute: 6 })).toMatchObject({ exceeded: { limit: 'perMinute' } })
})

it('counts the time of runs over all replicas', async () => {
  await open()
  const { first, second } = apps
  const started = await press(first, { secondsPerDay: 1_000 })
  if (!started.ok) throw new Error(started.reason)
  const usedAt = async ({ runner }: TestApp) =>
    (await runner.usage('ada', { ...noQuota, secondsPerDay: 1_000 })).msToday
  await eventually(async () => expect(await usedAt(second)).toBeGreaterThan(0))
  expect(await usedAt(first)).toBe(await usedAt(second))
})

it('counts requests over all replicas', async () => {
  await open({ SANDPIT_RATE: '100,6', SANDPIT_API_TOKENS: 'machine' })
  const statuses: number[] = []
  for (let asked = 0; asked < 10; asked++) {
    const headers = { Authorization: 'Bearer machine' }
    const { status } = await apps.inTurns.app.request('/v1/models', { headers })
    statuses.push(status)
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429, 429, 429])
})
