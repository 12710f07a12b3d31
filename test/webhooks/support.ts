import { expect } from 'vitest'
import { keyFor } from '../../src/data-folder.ts'
import type { JsonObject } from '../../src/domain/json/json.ts'
import { parseModelRef } from '../../src/domain/model-ref.ts'
import { isSettled } from '../../src/domain/prediction/prediction.ts'
import { type WebhookEvent, webhookEvents } from '../../src/domain/prediction/webhook.ts'
import type { Delivery } from '../../src/domain/webhook/delivery.ts'
import { webhookSecret } from '../../src/webhooks/secret.ts'
import { createClock } from '../support/clock.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { testSecret } from '../support/secret.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

/** The signing secret of `ada` in tests. */
export const secret = webhookSecret(keyFor('cookies', testSecret, ''), 'ada')

/** One model ends at once; the other does nothing until it is told to stop, so that a test can say what it does. */
export const models = writeModels({
  quick: `
    import { defineModel, z } from 'sandpit/model'
    export const quick = defineModel({
      name: 'test/quick',
      description: 'Ends at once.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      run: ({ text }, ctx) => {
        ctx.log('It ran.')
        return 'Hello ' + text
      },
    })`,
  held: `
    import { once } from 'node:events'
    import { defineModel, z } from 'sandpit/model'
    export const held = defineModel({
      name: 'test/held',
      description: 'Does nothing until it is told to stop.',
      input: z.object({}),
      output: z.array(z.string()),
      copies: 4,
      async *run(_input, ctx) {
        await once(ctx.signal, 'abort')
      },
    })`,
})

export type Station = Awaited<ReturnType<typeof openStation>>

/** The app, on a clock of the test's, with what a test of webhooks does to it. */
export async function openStation(
  environment: Readonly<Record<string, string>> = { SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8,::1' },
  answerMs = 10_000,
) {
  const clock = createClock()
  const sandpit = await createTestApp({
    environment,
    models: [models],
    now: clock.now,
    webhooks: { setTimer: clock.setTimer, answerMs },
  })
  const { store, runner } = sandpit

  async function start(
    name: string,
    url: string,
    events: readonly WebhookEvent[] = webhookEvents,
    input: JsonObject = {},
  ): Promise<string> {
    return startPrediction(sandpit, name, { url, events }, input)
  }

  /** Starts a run that ends at once, and waits until it has. */
  async function run(
    url: string,
    events: readonly WebhookEvent[] = ['start', 'completed'],
  ): Promise<string> {
    const id = await start('test/quick', url, events, { text: 'Ada' })
    const settled = await runner.settledWithin(id, 60_000)
    expect(settled && isSettled(settled)).toBe(true)
    return id
  }

  /** Waits until all that is due has been tried. */
  async function quiet(id: string): Promise<readonly Delivery[]> {
    let deliveries: readonly Delivery[] = []
    await eventually(async () => {
      deliveries = await store.deliveriesOf(id)
      const due = deliveries.filter(({ nextAt }) => nextAt !== null && nextAt <= clock.now())
      expect(due).toEqual([])
    })
    return deliveries
  }

  /** Lets the time of the next try come, and waits until it was made. */
  async function nextTry(id: string): Promise<readonly Delivery[]> {
    const next = (await quiet(id)).flatMap(({ nextAt }) => nextAt ?? [])
    clock.pass(Math.max(0, Math.min(...next) - clock.now()))
    return quiet(id)
  }

  return { ...sandpit, clock, start, run, quiet, nextTry }
}

/** Starts a prediction of `ada`'s that has a webhook. */
export async function startPrediction(
  { runner }: Pick<TestApp, 'runner'>,
  name: string,
  webhook: { readonly url: string; readonly events: readonly WebhookEvent[] },
  input: JsonObject,
): Promise<string> {
  const ref = parseModelRef(name)
  const model = ref && (await runner.findModel(ref))
  if (!model) throw new Error(`There is no model ${name}`)
  const made = { model, input, files: [], createdBy: 'ada', source: 'api', formKey: null } as const
  const started = await runner.start({ ...made, webhook })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

/** The outcome of each, in few words. */
export function fates(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(
    ({ event, state, tries, answer }) => `${event}: ${state}, ${tries}, ${answer}`,
  )
}
