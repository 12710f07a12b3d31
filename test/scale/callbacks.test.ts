import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, it, onTestFinished } from 'vitest'
import { providerOver, refOf } from '../providers/support/replica.ts'
import {
  type ScriptedRun,
  signingKey,
  startReplicate,
} from '../providers/support/replicate-server.ts'
import { eventually } from '../support/eventually.ts'
import { createReplicaApps } from '../support/replica-apps.ts'
import type { TestApp } from '../support/test-app.ts'

function workForLong(run: ScriptedRun): Promise<void> {
  run.start()
  return run.work(60_000)
}

/** Two replicas that a scripted Replicate calls; asked by themselves, the service is not for an hour. */
async function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-callbacks-'))
  const server = await startReplicate({ 'test/model': { run: workForLong } })
  let made = 0
  const apps = await createReplicaApps({
    environment: { SANDPIT_CALLBACK_URL: 'https://sandpit.example.com' },
    providers: () => [
      providerOver(server, join(folder, String(made++)), {
        saved: ['test/model'],
        limits: { pollMs: 3_600_000, webhookPollMs: 3_600_000 },
      }),
    ],
  })
  onTestFinished(async () => {
    await apps.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { ...apps, server }
}

async function start({ runner }: TestApp): Promise<string> {
  const model = await runner.findModel(refOf('test/model'))
  if (!model) throw new Error('There is no model')
  const made = { model, input: {}, files: [], createdBy: 'ada', source: 'api' } as const
  const started = await runner.start({ ...made, formKey: null })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

/** Posts what the service would: the run as it is, signed. */
function call({ app }: TestApp, run: ScriptedRun, id: string, key = signingKey) {
  const text = JSON.stringify(run.json())
  const at = new Date()
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(key).sign(id, at, text),
  }
  const { pathname } = new URL(String(run.webhook))
  return app.request(pathname, { method: 'POST', body: text, headers })
}

it('has the run looked at by its replica, whichever replica is called', async () => {
  const { first, second, server } = await setUp()
  const id = await start(first)
  await eventually(() => expect(server.asked('GET predictions').length).toBeGreaterThan(0))
  const run = server.runs().at(-1)
  if (!run) throw new Error('Nothing was asked for')
  const forged = `whsec_${Buffer.from('another key').toString('base64')}`
  for (const app of [first, second])
    expect((await call(app, run, 'msg_0', forged)).status).toBe(401)
  for (const [index, app] of [second, first, second].entries()) {
    run.log(`line ${index}\n`)
    expect((await call(app, run, `msg_${index}`)).status).toBe(204)
    await eventually(async () =>
      expect((await second.runner.find(id))?.logs).toContain(`line ${index}\n`),
    )
  }
  run.make('done')
  run.end('succeeded')
  expect((await call(second, run, 'msg_end')).status).toBe(204)
  await eventually(async () => expect((await first.runner.find(id))?.output).toBe('done'))
  await eventually(async () => expect((await call(second, run, 'msg_late')).status).toBe(404))
})
