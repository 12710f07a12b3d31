import sharp from 'sharp'
import { afterEach, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { ofPrediction, shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, toFormData } from '../../support/visitor.ts'

const create = { width: 1500, height: 750, channels: 3, background: '#ff0000' } as const
const contents = {
  'red.png': await sharp({ create }).png().toBuffer(),
  'clip.mp4': Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isommp42\0\0\0\x08mdat', 'latin1'),
  'tone.wav': Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0', 'latin1'),
}

/** Makes the file of that name. */
const models = writeModels({
  make: `
    import { defineModel, file, z } from 'sandpit/model'
    const contents = ${JSON.stringify(
      Object.fromEntries(Object.entries(contents).map(([k, v]) => [k, v.toString('base64')])),
    )}
    export default defineModel({
      name: 'test/make', description: 'Makes a file.',
      input: z.object({ name: z.string() }), output: file(),
      run: ({ name }, ctx) => ctx.file(Buffer.from(contents[name], 'base64'), { name }),
    })`,
})

let sandpit: TestApp
afterEach(() => sandpit.close())

type Values = Readonly<Record<string, string>>

const framed = { SANDPIT_EMBED_ORIGINS: 'https://wiki.example' }
const people = { SANDPIT_AUTH: 'header:X-User' }

async function start(environment: Values = {}) {
  sandpit = await createTestApp({ models: [models], environment })
}

/** The id of a prediction by a visitor that made the file. */
async function made(name: keyof typeof contents): Promise<string> {
  const id = idIn(await createVisitor(sandpit).run('test/make', { name }))
  expect(await sandpit.runner.settledWithin(id, 60_000)).toMatchObject({ status: 'succeeded' })
  return id
}

/** The same by a person, and the path of a share link to it. */
async function shared(name: keyof typeof contents, terms: Values = {}) {
  const ada = namedPerson(sandpit, 'ada')
  const id = idIn(await ada.run('/test/make', { 'input.name': name, private: 'true' }))
  await sandpit.runner.settledWithin(id, 60_000)
  expect((await ada.post(sandpit.paths.shares(ofPrediction(id)), terms)).status).toBe(303)
  const [made] = await shareLinksOf(sandpit, id)
  return { id, share: made?.id ?? '', link: made?.link ?? '' }
}

const get = (path: string) =>
  Promise.resolve(sandpit.app.request(path, { headers: { Host: 'localhost' } }))

const oEmbed = (path: string, more: Values = {}) =>
  get(`/oembed?${new URLSearchParams({ url: `http://localhost${path}`, ...more })}`)

/** What the page at a path names as its oEmbed, and its Open Graph data. */
async function described(path: string) {
  const html = await (await get(path)).text()
  const [, named = ''] =
    /<link rel="alternate" type="application\/json\+oembed" href="([^"]*)"/.exec(html) ?? []
  const graph = [...html.matchAll(/<meta property="(og:[^"]*)" content="([^"]*)"/g)]
  return { named, graph: Object.fromEntries(graph.map(([, name, value]) => [name, value])) }
}

it('is a photo for a picture, with an address that pages of other origins can show', async () => {
  await start(framed)
  const path = `/p/${await made('red.png')}`
  const { named, graph } = await described(path)
  const answer = await get(named)
  expect(answer.headers.get('Content-Type')).toContain('application/json')
  const about = await answer.json()
  expect(about).toMatchObject({ version: '1.0', type: 'photo', width: 1500, height: 750 })
  expect(about).toMatchObject({ title: 'Made with test/make', provider_name: 'Sandpit' })
  const shown = await get(about.url)
  expect(shown.headers.get('Content-Type')).toBe('image/png')
  expect(shown.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin')
  expect(graph['og:image']).toContain('/red.png')
})

it('is a frame within the size that is asked for, where the picture is larger', async () => {
  await start(framed)
  const id = await made('red.png')
  const about = await (await oEmbed(`/p/${id}`, { maxwidth: '300', maxheight: '200' })).json()
  expect(about).toMatchObject({ type: 'rich', width: 300, height: 200 })
  const [, frame = ''] = /^<iframe src="([^"]*)"/.exec(about.html) ?? []
  const page = await get(frame)
  expect(page.status).toBe(200)
  expect(page.headers.get('Content-Security-Policy')).toContain('frame-ancestors https://wiki')
  const html = await page.text()
  expect(html).toContain('red.png')
  expect(html).not.toContain('<form')
})

it('is a video for a video, which Open Graph names, too', async () => {
  await start({ ...people, ...framed })
  const { link } = await shared('clip.mp4')
  const { named, graph } = await described(link)
  expect(await (await get(named)).json()).toMatchObject({ type: 'video', width: 640 })
  expect(graph).toMatchObject({ 'og:type': 'video.other', 'og:video:type': 'video/mp4' })
  expect((await get(graph['og:video'] ?? '')).headers.get('Content-Type')).toBe('video/mp4')
})

it('frames what is shared, with its panel, its files and its data, and nothing else', async () => {
  await start({ ...people, ...framed })
  const { id, link } = await shared('red.png')
  const at = `/embed${link}`
  const html = await (await get(at)).text()
  const [, file = ''] = /<img src="([^"]*)"/.exec(html) ?? []
  expect(file).toMatch(new RegExp(`^http://localhost${at}/files/`))
  for (const path of [file, `${at}/p/${id}`, `${at}/p/${id}/panel`, `${at}/p/${id}/output.json`])
    expect((await get(path)).status, path).toBe(200)
  const other = (await shared('tone.wav')).id
  for (const path of [`${at}/form`, `${at}/p/${other}`, `${at}/p/${other}/panel`])
    expect((await get(path)).status, path).toBeGreaterThanOrEqual(403)
  const headers = { Host: 'localhost' }
  const cancel = `${at}/p/${id}/cancellation`
  expect((await sandpit.app.request(cancel, { method: 'POST', headers })).status).toBe(404)
})

it('names a sound in Open Graph', async () => {
  await start(framed)
  const path = `/p/${await made('tone.wav')}`
  const { graph } = await described(path)
  expect(graph['og:audio:type']).toMatch(/^audio\//)
  expect((await get(graph['og:audio'] ?? '')).status).toBe(200)
  expect(await (await oEmbed(path)).json()).toMatchObject({ type: 'rich' })
})

it('is a link where no page may frame anything, with a thumbnail that fits', async () => {
  await start(people)
  const { link } = await shared('red.png')
  const about = await (await oEmbed(link)).json()
  expect(about).toMatchObject({ type: 'link', thumbnail_width: 1200, thumbnail_height: 600 })
  expect(about.html ?? about.url).toBeUndefined()
  expect((await get(about.thumbnail_url)).status).toBe(200)
  expect(await (await oEmbed(link, { maxwidth: '900' })).json()).not.toHaveProperty('thumbnail_url')
})

it('tells nothing of what is not for everyone', async () => {
  await start({ ...people, ...framed })
  const { id, share, link } = await shared('red.png')
  // Whether there is such a prediction is not told.
  for (const path of [`/p/${id}`, `/p/${sandpit.deps.newId()}`]) {
    const answer = await oEmbed(path)
    expect([answer.status, await answer.text()]).toEqual([401, 'This page is not for everyone.\n'])
  }
  expect((await oEmbed((await shared('red.png', { audience: 'signed-in' })).link)).status).toBe(401)
  await sandpit.store.endShares({ of: ofPrediction(id), id: share }, Date.now())
  expect((await oEmbed(link)).status).toBe(404)
})

it('does not find what is private where nobody signs in', async () => {
  await start(framed)
  const body = toFormData({ 'input.name': 'red.png' })
  const headers = { Host: 'localhost', Origin: 'https://wiki.example' }
  const at = '/embed/test/make/predictions'
  const id = idIn(await sandpit.app.request(at, { method: 'POST', headers, body }))
  expect(await sandpit.runner.settledWithin(id, 60_000)).toMatchObject({ visibility: 'private' })
  expect((await oEmbed(`/p/${id}`)).status).toBe(404)
})

it.each([
  ['no address', '/oembed', 400],
  ['XML', '/oembed?url=http://localhost/p/x&format=xml', 501],
  ['another format', '/oembed?url=http://localhost/p/x&format=yaml', 501],
  ['another server', '/oembed?url=https://other.example/p/aaaaaaaaaaaaaaaaaaaaaaaaaa', 404],
  ['no URL', '/oembed?url=p', 404],
  ['a page without a prediction', '/oembed?url=http://localhost/test/make', 404],
  ['a prediction that is not there', `/oembed?url=http://localhost/p/${'a'.repeat(26)}`, 404],
  ['no number', '/oembed?url=http://localhost/p/x&maxwidth=wide', 400],
  ['no size', '/oembed?url=http://localhost/p/x&maxheight=0', 400],
])('refuses %s', async (_name, path, status) => {
  await start(framed)
  const answer = await get(path)
  expect(answer.status).toBe(status)
  expect(await answer.text()).toMatch(/\.\n$/)
})
