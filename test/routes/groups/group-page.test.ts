import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import type { GroupRequest } from '../../../src/runner/groups/plan.ts'
import { eventually } from '../../support/eventually.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createWaitingProvider, type WaitingModel } from '../../support/waiting-provider.ts'

/** Far less than a request is held when nothing changes. */
const soonMs = 10_000
const forever = 60_000

let sandpit: TestApp
let ada: ReturnType<typeof namedPerson>
/** Of ada. */
let account: string
/** Those that there are. */
let models: WaitingModel[]
beforeEach(async () => {
  models = [{ name: 'waits', copies: 4 }]
  sandpit = await createTestApp({
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_GROUPS: '*=member' },
    providers: () => [createWaitingProvider({ models, runsHere: true })],
  })
  ada = namedPerson(sandpit, 'ada')
  await ada.get('/')
  account = (await sandpit.store.peopleAmong(['ada']))[0]?.id ?? ''
})
afterEach(() => sandpit.close())

/** A group of runs that each take so many milliseconds. */
async function start(times: readonly number[], given: Partial<GroupRequest> = {}) {
  const model = await sandpit.runner.findModel({ owner: 'test', name: 'waits' })
  if (!model) throw new Error('The model is not there')
  return sandpit.runner.groups.start({
    kind: 'sweep',
    title: 'How long',
    axes: [{ input: 'ms', values: [...times] }],
    source: 'web',
    createdBy: account,
    formKey: null,
    runs: times.map((ms, place) => ({ place, model, input: { ms }, files: [] })),
    ...given,
  })
}

async function read(path: string): Promise<string> {
  return (await ada.get(path)).text
}

/** Presses a button of the page, whose value the pattern finds. */
async function press(group: RunGroup, name: string, value: RegExp) {
  let found = ''
  await eventually(async () => {
    found = value.exec(await pageOf(group))?.[1] ?? ''
    expect(found).not.toBe('')
  })
  return ada.post(`/g/${group.id}/runs`, { [name]: found })
}

const pageOf = ({ id }: RunGroup) => read(`/g/${id}`)

/** The group once so many of its runs have ended. */
async function afterRuns(group: RunGroup, done: string): Promise<string> {
  await eventually(async () => expect(await pageOf(group)).toContain(`${done} done`))
  return pageOf(group)
}

describe('the page of a group', () => {
  it('draws a sweep of one input as a row with the values above the cells', async () => {
    const group = await start([1, 2, 3])
    const html = await afterRuns(group, '3 of 3')
    expect(html).toContain('<th scope="col"><code>2</code></th>')
    for (const ms of [1, 2, 3]) expect(html).toContain(`waited ${ms}</p>`)
    expect(html).toContain('aria-label="ms 3"')
    expect(html).not.toContain('data-live')
  })

  it('draws a sweep of two inputs as a grid, the first down and the second across', async () => {
    const axes = [
      { input: 'guidance', values: [3, 6] },
      { input: 'ms', values: [1, 2, 4] },
    ]
    const html = await afterRuns(await start([1, 2, 4, 1, 2, 4], { axes }), '6 of 6')
    expect(html.match(/<th scope="row">/g)).toHaveLength(2)
    expect(html.match(/<th scope="col">/g)).toHaveLength(3)
    expect(html).toContain('aria-label="guidance 6, ms 4"')
  })

  it('draws a comparison as columns with whole outputs, and what is the same in all', async () => {
    const html = await afterRuns(await start([5, 5], { kind: 'compare', axes: [] }), '2 of 2')
    expect(html).toContain('<div class="columns">')
    expect(html.match(/waited 5/g)).toHaveLength(2)
    expect(html).toContain('Use these inputs')
    expect(html).toContain('Same for all')
  })

  it('draws a batch as a table by its lines, 50 on a page', async () => {
    const times = Array.from({ length: 60 }, () => 1)
    const group = await start(times, { kind: 'batch', axes: [] })
    const html = await afterRuns(group, '60 of 60')
    expect(html.match(/waited 1/g)).toHaveLength(50)
    const next = await read(/href="(\/g\/\w+\?from=\d+)"/.exec(html)?.[1] ?? '')
    expect(next.match(/waited 1/g)).toHaveLength(10)
    expect(next).toContain('<span class="n">59</span>')
  })

  it('is answered at its one held request when a run ends', { timeout: soonMs }, async () => {
    const group = await start([300, forever, forever])
    const html = await pageOf(group)
    expect(html.match(/data-live/g)).toHaveLength(1)
    const next = /hx-get="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const panel = await read(next)
    expect(panel).toMatch(/^<article class="prediction" id="group"/)
    await afterRuns(group, '1 of 3')
    await eventually(async () => expect(await pageOf(group)).toContain('2 at a time'))
  })

  it('shows places in the queue, and what was not started', async () => {
    const group = await start(Array.from({ length: 50 }, () => forever))
    await eventually(async () => expect(await pageOf(group)).toContain('>1st</a>'))
    const html = await pageOf(group)
    expect(html).toContain('<progress aria-label="ms 60000"')
    expect(html).toContain('<div class="slot"></div>')
  })

  it('names why runs were not made once, beside the others', async () => {
    const waits = await sandpit.runner.findModel({ owner: 'test', name: 'waits' })
    if (!waits) throw new Error('The model is not there')
    const gone = { ...waits, ref: { owner: 'test', name: 'gone' } }
    const runs = [waits, gone, gone].map((model, place) => ({
      ...{ place, model, input: { ms: 1 }, files: [] },
    }))
    const html = await afterRuns(await start([1, 2, 3], { runs }), '3 of 3')
    expect(html.match(/There is no model test\/gone any more\./g)).toHaveLength(1)
    expect(html.match(/× not run/g)).toHaveLength(2)
    expect(html).toContain('2 failed')
  })
})

describe('the maker of a group', () => {
  it('cancels all, and runs the rest later', async () => {
    const group = await start(Array.from({ length: 40 }, () => 60_000))
    const { status } = await ada.post(`/g/${group.id}/cancellation`, {})
    expect(status).toBe(303)
    const html = await pageOf(group)
    expect(html).toContain('It was canceled.')
    expect(html).toContain('Run the rest')
    expect(html).not.toContain('data-live')
    await ada.post(`/g/${group.id}/resumption`, {})
    expect(await pageOf(group)).toContain('data-live')
  })

  it('cancels a column of a grid, and runs single cells and all of it again', async () => {
    const axes = [
      { input: 'ms', values: [1, forever] },
      { input: 'medium', values: ['ink', 'oil'] },
    ]
    const group = await start([1, forever, 1, forever], { axes })
    await eventually(async () => expect(await pageOf(group)).toContain('2 of 4 done'))
    const cancel = /name="cancel" value="([\d ]+)" aria-label="Cancel all of medium oil"/
    await press(group, 'cancel', cancel)
    await eventually(async () => expect(await pageOf(group)).toContain('4 of 4 done'))
    const html = await pageOf(group)
    expect(html.match(/\/ canceled/g)).toHaveLength(2)
    expect(html).toContain('Run the 2 failed runs again')
    await press(group, 'again', /value="(\d+)" aria-label="Run again: ms 60000, medium oil"/)
    expect(await pageOf(group)).toContain('data-live')
    await press(group, 'cancel', /value="(\d+)" aria-label="Cancel: ms 60000, medium oil"/)
    await eventually(async () => expect(await pageOf(group)).toContain('4 of 4 done'))
    await press(group, 'again', /name="again" value="(all)"/)
    await eventually(async () => expect(await pageOf(group)).toContain('2 at a time'))
  })

  it('is told why a run is not made again', async () => {
    const group = await start([forever], { kind: 'compare', axes: [] })
    await press(group, 'cancel', /name="cancel" value="(0)" aria-label="Cancel test\/waits"/)
    await eventually(async () => expect(await pageOf(group)).toContain('1 of 1 done'))
    models.length = 0
    const answer = await press(group, 'again', /value="(0)" aria-label="Run test\/waits again"/)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('There is no model test/waits any more.')
    expect(await pageOf(group)).toContain('Canceled')
  })

  it('renames it', async () => {
    const group = await start([1])
    await ada.post(`/g/${group.id}/title`, { title: '  Light\nand <ink> ' })
    expect(await pageOf(group)).toContain('<h1>Light and &lt;ink&gt;</h1>')
    await ada.post(`/g/${group.id}/title`, { title: ' ' })
    expect(await pageOf(group)).toContain('Light and')
  })

  it('deletes it with all of its predictions, also those that run', async () => {
    const kept = await start([1])
    const group = await start([1, forever, forever])
    await afterRuns(group, '1 of 3')
    expect(await read(`/g/${group.id}/deletion`)).toContain('3 runs')
    const [member] = await sandpit.store.membersOf(group.id, { from: 0, limit: 1 })
    await ada.post(`/g/${group.id}/deletion`, {})
    await eventually(async () => {
      expect((await ada.get(`/g/${group.id}`)).status).toBe(404)
    })
    expect((await ada.get(`/p/${member?.id}`)).status).toBe(404)
    expect(await afterRuns(kept, '1 of 1')).toContain('waited 1')
  })
})

describe('others', () => {
  it('see a public group, and change nothing', async () => {
    const group = await start([1, 60_000])
    const ben = namedPerson(sandpit, 'ben')
    const html = (await ben.get(`/g/${group.id}`)).text
    expect(html).toContain('Sweep by ada')
    expect(html).not.toContain('Cancel all')
    expect((await ben.post(`/g/${group.id}/deletion`, {})).status).toBe(404)
    expect(html).not.toContain('name="cancel"')
    expect((await ben.post(`/g/${group.id}/runs`, { cancel: '1' })).status).toBe(404)
  })

  it('see no run that is private', async () => {
    const group = await start([1, 2])
    await afterRuns(group, '2 of 2')
    const [first] = await sandpit.store.membersOf(group.id, { from: 0, limit: 1 })
    await ada.post(`/p/${first?.id}/visibility`, { visibility: 'private' })
    const html = (await namedPerson(sandpit, 'ben').get(`/g/${group.id}`)).text
    expect(html).not.toContain('waited 1')
    expect(html).not.toContain(first?.id)
    expect(html).toContain('<div class="slot">private</div>')
    expect(html).toContain('waited 2')
  })
})

describe('a group in lists', () => {
  it('is selected as a whole: compared, downloaded, and deleted by who may', async () => {
    const group = await start([1, 2])
    await afterRuns(group, '2 of 2')
    for (const path of ['/predictions', '/predictions?view=grid'])
      expect(await read(path)).toContain(`name="id" value="${group.id}"`)
    const ids = (await sandpit.store.membersOf(group.id, { from: 0, limit: 2 })).map(({ id }) => id)
    const compared = await ada.get(`/predictions/compare?id=${group.id}`)
    expect(compared.status).toBe(303)
    expect((await ada.get(`/predictions/files.zip?id=${group.id}`)).status).toBe(200)
    const asked = await read(`/predictions/deletion?id=${group.id}`)
    expect(asked).toContain('Delete 1 group with all of 2 runs?')
    const ben = namedPerson(sandpit, 'ben')
    await ben.post('/predictions/deletion', { id: group.id })
    expect((await ada.get(`/g/${group.id}`)).status).toBe(200)
    await ada.post('/predictions/deletion', { id: group.id })
    await eventually(async () => expect((await ada.get(`/g/${group.id}`)).status).toBe(404))
    expect((await ada.get(`/p/${ids[0]}`)).status).toBe(404)
  })

  it('is one row that leads to it, and each of its predictions leads back', async () => {
    const group = await start([1, 1, 1])
    await afterRuns(group, '3 of 3')
    for (const path of ['/predictions', '/predictions?view=grid']) {
      const html = await read(path)
      expect(html).toContain(`<a href="/g/${group.id}">Sweep: How long</a>`)
      expect(html).toContain('3 of 3')
      expect(html).not.toContain('href="/p/')
    }
    const [, second] = await sandpit.store.membersOf(group.id, { from: 0, limit: 3 })
    const record = await read(`/p/${second?.id}`)
    expect(record).toContain(`<a href="/g/${group.id}">Its sweep</a>`)
  })
})
