import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createReplicaApps } from '../../support/replica-apps.ts'
import type { TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  waiter: `
    import { defineModel, z } from 'sandpit/model'
    export const waiter = defineModel({
      name: 'team/waiter',
      description: 'Waits until it is told to stop.',
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

let replicas: Awaited<ReturnType<typeof createReplicaApps>>
let here: ReturnType<typeof createVisitor>

beforeEach(async () => {
  replicas = await createReplicaApps({ models: [models] })
  here = createVisitor(replicas.first)
})
afterEach(() => replicas.close())

/** The same browser at another replica. */
function at({ app }: Pick<TestApp, 'app'>) {
  return (path: string) => {
    const cookies = here.cookies()
    return app.request(path, { headers: { Host: 'localhost', Cookie: cookies } })
  }
}

async function run(): Promise<string> {
  return idIn(await here.run('team/waiter', {}))
}

function nextOf(html: string): string {
  return /hx-get="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
}

describe('a panel that waits at one replica', { timeout: soonMs }, () => {
  it('has what happens at the other', async () => {
    const there = at(replicas.second)
    const id = await run()
    const first = await eventuallyPanel(id, 'waiting')
    const held = there(nextOf(first))
    await replicas.first.runner.cancel(id)
    expect(await (await held).text()).toContain('Canceled')
  })

  it('is gone when the prediction is deleted at the other', async () => {
    const there = at(replicas.second)
    const id = await run()
    const held = there(nextOf(await eventuallyPanel(id, 'waiting')))
    await replicas.first.runner.remove(id)
    await held
    expect((await there(`/p/${id}`)).status).toBe(404)
  })

  async function eventuallyPanel(id: string, text: string): Promise<string> {
    let html = ''
    await eventually(async () => {
      html = await (await at(replicas.second)(`/p/${id}/panel`)).text()
      expect(html).toContain(text)
    })
    return html
  }
})
