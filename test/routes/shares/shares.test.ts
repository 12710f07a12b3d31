import { afterEach, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { ofPrediction, shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  words: `
    import { defineModel, z } from 'sandpit/model'
    export const words = defineModel({
      name: 'test/words',
      description: 'Says a word.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      run: ({ text }) => text,
    })`,
})

let sandpit: TestApp
afterEach(() => sandpit.close())

type Headers = Readonly<Record<string, string>>

/** A prediction and the link that its maker shares it by. */
async function shared(environment: Headers = {}, headers: Headers = {}) {
  sandpit = await createTestApp({ environment, models: [models] })
  const visitor = createVisitor(sandpit)
  const request = (path: string, init: RequestInit = {}) =>
    visitor.request(path, { ...init, headers })
  const hidden = [...(await (await request('/test/words')).text()).matchAll(hiddenInputs)]
  const body = new FormData()
  for (const [, name = '', value = ''] of hidden) body.append(name, value)
  body.append('input.text', 'sand')
  const ran = await request(sandpit.paths.predictions(), { method: 'POST', body })
  const id = idIn(ran)
  await sandpit.runner.settledWithin(id, 60_000)
  const share = (key = '') =>
    request(sandpit.paths.shares(ofPrediction(id)), {
      method: 'POST',
      body: new URLSearchParams({ key }),
    })
  await share()
  const links = () => shareLinksOf(sandpit, id)
  const page = async () => (await request(sandpit.paths.prediction(id))).text()
  const end = (share: string) =>
    request(sandpit.paths.shareRevocation(ofPrediction(id), share), { method: 'POST' })
  return { id, share, links, page, end }
}

const hiddenInputs = /<input type="hidden" name="(model|version|key)" value="([^"]*)"/g

/** Every address of ours on a page that a visitor may press, and what it answers them. */
async function doorsOf(path: string) {
  const stranger = createVisitor(sandpit)
  const html = await (await stranger.request(path)).text()
  const links = [...html.matchAll(/<a [^>]*href="([^"#]+)/g)].map(([, href = '']) => href)
  const forms = [...html.matchAll(/<form [^>]*action="([^"]+)"/g)].map(([, action = '']) => action)
  const opened = links.map(async (href) => {
    const { status } = await stranger.request(href.replaceAll('&amp;', '&'))
    return `${href} ${status}`
  })
  return { html, forms, answers: await Promise.all(opened) }
}

describe('a form of a link that is sent twice', () => {
  it('makes one link, also when both are pressed at once', async () => {
    const { share, links } = await shared()
    expect(await links()).toHaveLength(1)
    const key = 'k'.repeat(26)
    await Promise.all([share(key), share(key), share(key)])
    expect(await links()).toHaveLength(2)
    await share()
    expect(new Set((await links()).map(({ link }) => link)).size).toBe(3)
  })
})

describe('a link', () => {
  it('that only this computer can open says so', async () => {
    const { page } = await shared()
    expect(await page()).toContain('Only this computer can open this link.')
  })

  it('that others can open says who', async () => {
    const { page } = await shared({ SANDPIT_URL: 'https://sandpit.example.com' })
    const html = await page()
    expect(html).toContain('Anyone with the link, until')
    expect(html).not.toContain('Only this computer')
  })
})

describe('whoever opens a shared link', () => {
  const proxied = { SANDPIT_AUTH: 'header:X-User' }
  const basic = { SANDPIT_AUTH: 'basic:ada:sesame' }
  const proof = Buffer.from('ada:sesame').toString('base64')

  it.each<[string, Headers, Headers]>([
    ['a proxy', proxied, { 'X-User': 'ada' }],
    ['a password', basic, { Authorization: `Basic ${proof}` }],
  ])('meets no door that is locked for them: %s', async (_what, environment, headers) => {
    const { links, end } = await shared(environment, headers)
    const [link] = await links()
    const { html, forms, answers } = await doorsOf(link?.link ?? '')
    expect(html).toContain('Download')
    expect(answers.filter((answer) => !answer.endsWith(' 200'))).toEqual([])
    expect(forms).toEqual([])
    expect(html).not.toMatch(/Tweak|Settings|Search models/)
    const panel = await doorsOf(`${link?.link}/panel`)
    expect(panel.html).not.toContain('Tweak')
    await end(link?.id ?? '')
    expect((await doorsOf(link?.link ?? '')).answers).toEqual([])
  })

  it('finds all of them open who is let in, or where everyone is', async () => {
    const { links } = await shared(proxied, { 'X-User': 'ada' })
    const [link] = await links()
    const headers = { 'X-User': 'grace' }
    const page = await createVisitor(sandpit).request(link?.link ?? '', { headers })
    expect(await page.text()).toContain('Tweak')
    await sandpit.close()
    const open = await shared()
    const [other] = await open.links()
    const { html, answers } = await doorsOf(other?.link ?? '')
    expect(html).toContain('Tweak')
    expect(answers.filter((answer) => !answer.endsWith(' 200'))).toEqual([])
  })
})
