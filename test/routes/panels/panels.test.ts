import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  waiter: `
    import { defineModel, z } from 'sandpit/model'
    export const waiter = defineModel({
      name: 'team/waiter',
      description: 'Waits until it is told to stop, one at a time.',
      input: z.object({}),
      output: z.string(),
      copies: 1,
      async run(_input, { log, signal }) {
        log('waiting')
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return 'done'
      },
    })`,
})

/** Far less than a request is held when nothing changes. */
const soonMs = 10_000

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeEach(async () => {
  sandpit = await createTestApp({ models: [models] })
  visitor = createVisitor(sandpit)
})
afterEach(() => sandpit.close())

async function run(): Promise<string> {
  const response = await visitor.run('team/waiter', {})
  expect(response.status).toBe(303)
  return idIn(response)
}

/** The panel as it is now, and the address at which it waits for the next. */
async function panelOf(id: string) {
  const html = await (await visitor.request(`/p/${id}/panel`)).text()
  return { html, next: /hx-get="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '' }
}

describe('a panel that waits for news', () => {
  it('has them at once when they came before it asked', { timeout: soonMs }, async () => {
    const first = await run()
    const id = await run()
    const queued = await panelOf(id)
    await sandpit.runner.cancel(first)
    await eventually(async () => expect((await panelOf(id)).html).toContain('waiting'))
    expect(await (await visitor.request(queued.next)).text()).toContain('waiting')
  })

  it('is told that it moved up when another leaves the queue', async () => {
    await run()
    const second = await run()
    const third = await run()
    expect((await panelOf(third)).html).toMatch(/second/i)
    const told: string[] = []
    sandpit.runner.listen((id) => told.push(id))
    await sandpit.runner.cancel(second)
    expect(told).toContain(third)
    expect((await panelOf(third)).html).not.toMatch(/second/i)
  })
})
