import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPanelCache, fixedPanel, mostUnits } from '../../../src/routes/panels/panel-cache.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp()
})
afterAll(() => sandpit.close())

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heldMegabytes(): number {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

describe('the blank page of a model', () => {
  const path = '/sandpit/kitchen-sink'

  async function open(headers: Record<string, string>): Promise<string> {
    const answer = await sandpit.app.request(`http://localhost${path}`, { headers })
    expect(answer.status).toBe(200)
    return answer.text()
  }

  it('is not kept for each name that strangers ask by', async () => {
    const page = await open({ Host: 'localhost:1' })
    const pages = Math.ceil((30 * 2 ** 20) / page.length)
    const before = heldMegabytes()
    for (let port = 2; port < pages; port++) await open({ Host: `localhost:${port}` })
    expect(heldMegabytes() - before).toBeLessThan(15)
  })

  it('names the host that it was asked from', async () => {
    expect(await open({ Host: 'localhost:4001' })).toContain('>localhost:4001<')
    expect(await open({ Host: 'localhost:4002' })).toContain('>localhost:4002<')
  })
})

describe('drawn panels', () => {
  /** Three fit into the cache. */
  const large = 'x'.repeat(mostUnits / 3.2)

  function cacheWithCount() {
    const cache = createPanelCache()
    const drawn: string[] = []
    const ask = (id: string, variant = 'seen', state = '1') =>
      cache.of(id, variant, state, async () => {
        drawn.push(`${id} ${variant} ${state}`)
        return fixedPanel(large)
      })
    return { cache, drawn, ask }
  }

  it('are dropped when nobody has asked for them for the longest time', async () => {
    const { drawn, ask } = cacheWithCount()
    for (const id of ['a', 'b', 'c', 'a', 'd', 'a']) await ask(id)
    expect(drawn).toEqual(['a seen 1', 'b seen 1', 'c seen 1', 'd seen 1'])
    await ask('b')
    expect(drawn.at(-1)).toBe('b seen 1')
  })

  it('are forgotten with their prediction, whoever they were drawn for', async () => {
    const { cache, drawn, ask } = cacheWithCount()
    for (const variant of ['own', 'seen']) await ask('a', variant)
    cache.forget('a')
    for (const variant of ['own', 'seen']) await ask('a', variant)
    expect(drawn).toHaveLength(4)
  })
})
