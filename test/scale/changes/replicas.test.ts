import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { apply } from '../../../src/domain/prediction/apply.ts'
import { within } from '../../../src/sleep.ts'
import { eventually } from '../../support/eventually.ts'
import { echo, writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createReplicaApps } from '../../support/replica-apps.ts'
import type { TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  echo,
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

const progress = { fraction: 0.5, label: 'Told by nobody' }

/** Less than what is left of a request that is held for 25 s when nothing changes. */
const soonMs = 15_000

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
  return /hx-get="([^"]+seen=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
}

describe('a panel that waits at one replica', () => {
  it('has what happens at the other', async () => {
    const there = at(replicas.second)
    const id = await run()
    const first = await eventuallyPanel(id, 'waiting')
    const held = there(nextOf(first))
    await replicas.first.runner.cancel(id)
    expect(await textSoon(held)).toContain('Canceled')
  })

  it('is gone when the prediction is deleted at the other', async () => {
    const there = at(replicas.second)
    const id = await run()
    const held = there(nextOf(await eventuallyPanel(id, 'waiting')))
    await replicas.first.runner.remove(id)
    await textSoon(held)
    expect((await there(`/p/${id}`)).status).toBe(404)
  })

  it('has what nobody told it of', async () => {
    const there = at(replicas.second)
    const id = await run()
    const held = there(nextOf(await eventuallyPanel(id, 'waiting')))
    await eventually(async () => {
      const saved = await replicas.first.store.find(id)
      const next = saved && apply(saved, { type: 'progressed', progress, at: Date.now() })
      if (!saved || !next) throw new Error('It is gone.')
      // One of them runs it, and may save it.
      const saves = [replicas.first, replicas.second].map(({ store }) => store.save(saved, next))
      expect(await Promise.all(saves)).toContain(true)
    })
    expect(await textSoon(held)).toContain('Told by nobody')
    await replicas.first.runner.cancel(id)
  })

  /** Of a request that was held until something changed, and not until its time was over. */
  async function textSoon(held: Response | Promise<Response>): Promise<string> {
    const answer = await within(soonMs, Promise.resolve(held))
    if (!answer) throw new Error('It is held although something changed')
    return answer.text()
  }

  async function eventuallyPanel(id: string, text: string): Promise<string> {
    let html = ''
    await eventually(async () => {
      html = await (await at(replicas.second)(`/p/${id}/panel`)).text()
      expect(html).toContain(text)
    })
    return html
  }
})

describe('the place of a prediction that waits', () => {
  /** One run at each replica, which keeps its only copy. */
  async function occupy(): Promise<string> {
    const ids = [await run(), await run()]
    await eventually(async () => {
      for (const id of ids)
        expect((await replicas.first.runner.find(id))?.logs).toContain('waiting')
    })
    return ids[0] ?? ''
  }

  it('moves at both replicas', async () => {
    const running = await occupy()
    const [second, third] = [await run(), await run()]
    const panelAt = (app: typeof replicas.first) => async () =>
      (await at(app)(`/p/${third}/panel`)).text()
    for (const app of [replicas.first, replicas.second]) {
      await eventually(async () => expect(await panelAt(app)()).toMatch(/second in/i))
    }
    const held = [replicas.first, replicas.second].map(async (app) =>
      at(app)(nextOf(await panelAt(app)())),
    )
    await replicas.first.runner.cancel(second)
    for (const answer of await Promise.all(held))
      expect(await answer.text()).not.toMatch(/second in/i)
    await replicas.first.runner.cancel(running)
  })

  it('is not asked for again and again by a browser that asks the replicas in turns', async () => {
    const running = await occupy()
    const id = await run()
    const browser = at(replicas.inTurns)
    let asked = 0
    let html = await (await browser(`/p/${id}/panel`)).text()
    async function watch(): Promise<void> {
      while (nextOf(html) !== '') {
        asked++
        html = await (await browser(nextOf(html))).text()
      }
    }
    const watching = watch()
    // Meanwhile others run, which changes how long a run is expected to take.
    for (let count = 0; count < 5; count++) {
      const other = idIn(await here.run('team/echo', { text: String(count) }))
      await replicas.second.runner.settledWithin(other, 60_000)
    }
    expect(asked).toBeLessThan(10)
    await replicas.second.runner.cancel(id)
    await watching
    expect(html).toContain('Canceled')
    expect(asked).toBeLessThan(15)
    await replicas.first.runner.cancel(running)
  })
})
