import { afterEach, expect, it } from 'vitest'
import { namedPerson } from '../../support/named-person.ts'
import { createTimedLine } from '../../support/timed-line.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(more: Readonly<Record<string, string>> = {}) {
  const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'opal', ...more }
  const line = await createTimedLine({ environment })
  closing.push(line.sandpit.close)
  const seen = async (name: string, path: string) => {
    const { text } = await namedPerson(line.sandpit, name).get(path)
    return text.replace(/<\/?(?:b|p|span)\b[^>]*>/g, '')
  }
  return { line, seen }
}

it('says about how many come before, and which of them are one’s own', async () => {
  const { line, seen } = await open()
  for (const _ of [1, 2, 3]) await line.add('ann', 10)
  const [first, second] = [await line.add('bob', 10), await line.add('bob', 10)]
  await line.running(1)
  expect(await seen('bob', `/p/${first}`)).toContain('First in the queue.')
  expect(await seen('bob', `/p/${first}`)).toContain('1 more of yours waits behind this.')
  expect(await seen('bob', `/p/${second}`)).toContain('About 2 before you, 1 of them yours.')
  for (const other of ['ann', 'opal']) {
    const panel = await seen(other, `/p/${second}`)
    expect(panel).toContain('About 2 before it.')
    expect(panel).not.toContain('of them yours')
  }
  expect(await seen('cid', '/team/timed')).toContain(' · about 2 before you')
  expect(await seen('bob', '/team/timed')).toContain(' · about 5 before you')
})

it('tells those who wait when another comes before them', async () => {
  const { line } = await open()
  for (const _ of [1, 2, 3]) await line.add('ann', 10)
  const last = await line.add('ann', 10)
  await line.running(1)
  const panel = async (seen: string) => {
    const answer = namedPerson(line.sandpit, 'ann').get(`/p/${last}/panel?seen=${seen}`)
    return (await answer).text
  }
  const seen = /seen=([^&"]+)/.exec(await panel('none'))?.[1] ?? ''
  const held = panel(seen)
  await line.add('bob', 10)
  expect(await held).toContain('About 3 before you, 2 of them yours.')
})

it('says what a prediction waits for whose person runs as many as they may', async () => {
  const { line, seen } = await open({ SANDPIT_QUOTA: 'member=running:1' })
  await line.sandpit.runner.quotaOf({ id: 'ann', kind: 'person', role: 'member' })
  await line.add('ann', 10)
  await line.running(1)
  const waits = await line.add('ann', 10, { model: line.otherModel })
  expect(await seen('ann', `/p/${waits}`)).toContain('You run as many at once as you may')
  expect(await seen('bob', `/p/${waits}`)).toContain('Its maker runs as many at once as they may')
})
