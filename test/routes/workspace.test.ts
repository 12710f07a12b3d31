import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  echo: `
    import { defineModel, z } from 'sandpit/model'
    export const echo = defineModel({
      name: 'test/echo',
      description: 'Repeats.',
      input: z.object({ text: z.string(), times: z.number().int().min(1).max(5).default(1) }),
      output: z.string(),
      run: ({ text, times }) => text.repeat(times),
    })`,
  slow: `
    import { once } from 'node:events'
    import { defineModel, z } from 'sandpit/model'
    export const slow = defineModel({
      name: 'test/slow',
      description: 'Waits until it is canceled.',
      input: z.object({ text: z.string().default('') }),
      output: z.string(),
      async run(_input, ctx) {
        await once(ctx.signal, 'abort')
        return ''
      },
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

async function made(visitor = createVisitor(sandpit), text = 'typed by hand ') {
  const ran = await visitor.run('test/echo', { text, times: '2' })
  expect(ran.status).toBe(303)
  const id = idIn(ran)
  await sandpit.runner.settledWithin(id, 60_000)
  return { visitor, id, address: ran.headers.get('Location') ?? '' }
}

it('says before the first run what will appear', async () => {
  const page = await (await createVisitor(sandpit).request('/test/echo?blank')).text()
  expect(page).toContain('Text will appear here as the model runs.')
  expect(page).toContain('makes text')
})

const cannotOpen = 'The prediction in this address cannot be opened here.'

describe('the address that Run leads to', () => {
  it('shows the inputs and the result on one page, on each reload', async () => {
    const { visitor, id, address } = await made()
    expect(address).toBe(`/test/echo?prediction=${id}#result`)
    for (const path of [address, `/test/echo?prediction=${id}`]) {
      const page = await (await visitor.request(path)).text()
      expect(page).toContain('>typed by hand </textarea>')
      expect(page).toContain('typed by hand typed by hand')
      expect(page).toContain('<title>✓ test/echo · Sandpit</title>')
      expect(page).toContain(`href="/p/${id}"`)
      expect(page).not.toContain('http-equiv="refresh"')
      expect(page).toContain(`action="/p/${id}/favourite"`)
    }
  })

  it('is where Tweak and Run again lead', async () => {
    const { visitor, id } = await made()
    const record = await (await visitor.request(`/p/${id}`)).text()
    expect(record).toContain(`href="/test/echo?prediction=${id}">Tweak</a>`)
    const { version } = (await sandpit.runner.find(id)) ?? {}
    const again = await visitor.post('/predictions', {
      model: 'test/echo',
      version: version ?? '',
      from: id,
    })
    const next = idIn(again)
    expect(next).not.toBe(id)
    expect(again.headers.get('Location')).toBe(`/test/echo?prediction=${next}#result`)
  })

  it('reloads itself without scripts until the run has settled', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('test/slow', { text: 'patience' })
    const id = idIn(ran)
    const address = `/test/slow?prediction=${id}`
    const page = await (await visitor.request(address)).text()
    expect(page).toMatch(
      new RegExp(`http-equiv="refresh" content="\\d+;url=${address.replace('?', '.')}"`),
    )
    expect(page).toContain(`href="${address}">Refresh now</a>`)
    expect(page).toContain('>patience</textarea>')
    const headers = { Referer: `http://localhost${address}` }
    const cancel = { method: 'POST', body: new FormData(), headers }
    const canceled = await visitor.request(`/p/${id}/cancellation`, cancel)
    expect(canceled.headers.get('Location')).toBe(address)
    await sandpit.runner.settledWithin(id, 60_000)
    const after = await (await visitor.request(address)).text()
    expect(after).toContain('data-status="canceled"')
    expect(after).not.toContain('http-equiv="refresh"')
  })

  it('keeps the result beside a form that is refused or changed', async () => {
    const { visitor, id, address } = await made()
    const page = await (await visitor.request(address)).text()
    expect(page).toContain(`name="beside" value="${id}"`)
    const hidden = { ...(await visitor.openForm('test/echo')), beside: id }
    const wrong = await visitor.post('/predictions', { ...hidden, 'input.times': '9' })
    expect(wrong.status).toBe(422)
    const shown = await wrong.text()
    expect(shown).toContain('9 is too high')
    expect(shown).toContain('typed by hand typed by hand')
    expect(shown).toContain(`name="beside" value="${id}"`)
    const asJson = await visitor.post('/predictions', { ...hidden, view: 'json' })
    expect(await asJson.text()).toContain('typed by hand typed by hand')
  })
})

describe('an address of a prediction that cannot be opened', () => {
  it.each(['nothing', 'a'.repeat(26)])('says so: %s', async (id) => {
    const response = await createVisitor(sandpit).request(`/test/echo?prediction=${id}`)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain(cannotOpen)
    expect(page).toContain('id="prediction-form"')
  })

  it('shows nothing of a prediction of another model or version', async () => {
    const { id } = await made(undefined, 'not of this model')
    const visitor = createVisitor(sandpit)
    const { version } = (await sandpit.runner.findModel({ owner: 'test', name: 'echo' })) ?? {}
    expect(version).toBeDefined()
    for (const path of [
      `/test/slow?prediction=${id}`,
      `/test/echo?version=${'f'.repeat(64)}&prediction=${id}`,
    ]) {
      const page = await (await visitor.request(path)).text()
      expect(page).toContain(cannotOpen)
      expect(page).not.toContain('not of this model')
    }
  })

  it('shows nothing of a private prediction to others, and nothing of a deleted one', async () => {
    const { visitor, id } = await made(undefined, 'for my eyes')
    const found = await sandpit.runner.find(id)
    const model = await sandpit.runner.findModel({ owner: 'test', name: 'echo' })
    if (!found || !model) throw new Error('There is no such prediction')
    const hidden = { ...found, id: 'b'.repeat(26), visibility: 'private' as const }
    await sandpit.store.accept(hidden, model.version, null)
    const stranger = createVisitor(sandpit)
    const page = await (await stranger.request(`/test/echo?prediction=${hidden.id}`)).text()
    expect(page).toContain(cannotOpen)
    expect(page).not.toContain('for my eyes')
    const own = await (await visitor.request(`/test/echo?prediction=${hidden.id}`)).text()
    expect(own).toContain('for my eyes')
    await visitor.post(`/p/${id}/deletion`, {})
    const after = await (await stranger.request(`/test/echo?prediction=${id}`)).text()
    expect(after).toContain(cannotOpen)
    expect(after).not.toContain('for my eyes')
  })
})

describe('the last runs under a form', () => {
  it('are the viewer’s own of this model, each a link to its page', async () => {
    const visitor = createVisitor(sandpit)
    const none = await (await visitor.request('/test/echo')).text()
    expect(none).not.toContain('Your last runs')
    const first = await made(visitor, 'the first')
    const second = await made(visitor, 'the second')
    await made(createVisitor(sandpit), 'of somebody else')
    const page = await (await visitor.request('/test/echo')).text()
    const strip = /<nav class="field-note" id="last-runs".*?<\/nav>/s.exec(page)?.[0] ?? ''
    const links = [...strip.matchAll(/prediction=([a-z2-7]{26})/g)].map(([, id]) => id)
    expect(links).toEqual([second.id, first.id])
    expect(strip).toMatch(/aria-label="Succeeded, \d\d:\d\d \w+, [^"]*the second/)
    expect(strip).toContain('href="/predictions?model=test%2Fecho&amp;who=me"')
    expect(strip).not.toContain('aria-current')
    const shown = await (await visitor.request(first.address)).text()
    expect(shown).toContain(`prediction=${first.id}" aria-current="true"`)
    const other = await (await visitor.request('/test/slow')).text()
    expect(other).not.toContain('Your last runs')
  })

  it('comes with the answer to Run', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/echo')
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...hidden, 'input.text': 'now' }))
      body.append(name, value)
    const headers = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
    const answer = await visitor.request('/predictions', { method: 'POST', body, headers })
    const pushed = answer.headers.get('HX-Push-Url') ?? ''
    expect(pushed).toMatch(/^\/test\/echo\?prediction=[a-z2-7]{26}$/)
    const text = await answer.text()
    expect(text).toContain('id="last-runs"')
    expect(text).toContain(`href="${pushed}" aria-current="true"`)
  })
})

describe('the permanent record of a prediction', () => {
  it('says where it comes from, and leads to the workspace', async () => {
    const { visitor, id } = await made()
    const own = await (await visitor.request(`/p/${id}`)).text()
    expect(own).toContain(`href="/test/echo?prediction=${id}">Open in the workspace</a>`)
    expect(own).toContain('<dt>source</dt><dd>A page</dd>')
    expect(own).toMatch(/<dt>made by<\/dt><dd><a href="[^"]*who=me">you<\/a><\/dd>/)
    expect(own).toMatch(/<dt>ended<\/dt><dd><time /)
    const other = await (await createVisitor(sandpit).request(`/p/${id}`)).text()
    expect(other).not.toContain('made by')
  })

  it('says no more on a shared page than before', async () => {
    const { visitor, id } = await made()
    const record = await visitor.post(`/p/${id}/shares`, {})
    const page = await (await visitor.request(record.headers.get('Location') ?? '')).text()
    const [link = ''] = /\/s\/[a-z2-7]{26}/.exec(page) ?? []
    const shared = await (await createVisitor(sandpit).request(link)).text()
    expect(shared).toContain('<dt>version</dt>')
    for (const name of ['source', 'made by', 'ran on']) expect(shared).not.toContain(`<dt>${name}`)
  })
})
