import { afterEach, expect, it } from 'vitest'
import type { EmbedTerms } from '../../../src/domain/people/embed-link.ts'
import { addEmbed } from '../../support/embeds.ts'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { toFormData } from '../../support/visitor.ts'

const models = writeModels({
  words: `
    import { defineModel, z } from 'sandpit/model'
    export const words = defineModel({
      name: 'test/words',
      description: 'Says a word.',
      input: z.object({ text: z.string().max(5) }),
      output: z.string(),
      run: ({ text }) => text,
    })`,
})
const model = { owner: 'test', name: 'words' }
const studio = 'https://studio.example'

let sandpit: TestApp
afterEach(() => sandpit.close())

type Values = Readonly<Record<string, string>>

async function start(environment: Values = {}, now?: () => number) {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_EMBED_ORIGINS: `${studio},https://intranet.example`, ...environment },
    ...(now ? { now } : {}),
  })
}

const linked = (terms: Partial<EmbedTerms> = {}) => addEmbed(sandpit, model, terms)

const ask = (path: string, headers: Values = {}, init: RequestInit = {}) =>
  Promise.resolve(
    sandpit.app.request(path, { ...init, headers: { Host: 'localhost', ...headers } }),
  )

/** As htmx sends from a page of the studio. */
const fromStudio = { Origin: studio, 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

const run = (at: string, values: Values, headers: Values = fromStudio) =>
  ask(`${at}/predictions`, headers, { method: 'POST', body: toFormData(values) })

const signedInServer = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }

it('shows nothing to any page by default', async () => {
  await start({ SANDPIT_EMBED_ORIGINS: '' })
  const { at } = await linked()
  for (const path of [at, `${at}/form`, '/embed/test/words']) {
    const answer = await ask(path, fromStudio)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect(await answer.text()).toContain('SANDPIT_EMBED_ORIGINS')
  }
})

it('sends a frame that only the page of its link may show, without a cookie', async () => {
  await start(signedInServer)
  const { at } = await linked()
  const answer = await ask(`${at}?theme=dark&accent=b5371f`)
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Security-Policy')).toMatch(
    new RegExp(`frame-ancestors ${studio}$`),
  )
  expect(answer.headers.get('X-Frame-Options')).toBeNull()
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(html).toContain('data-theme="dark"')
  expect(html).not.toMatch(/Compare with…|Vary…|>Batch</)
  expect(html).toContain('accent.css?colour=b5371f')
  expect(html).toContain('name="input.text"')
  expect(html).not.toContain('site-head')
})

it('sends a form to pages of its link, with absolute addresses and no credentials', async () => {
  await start(signedInServer)
  const { at } = await linked()
  const answer = await ask(`${at}/form`, fromStudio)
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(studio)
  expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
  const html = await answer.text()
  expect(html).toMatch(new RegExp(`^<form [^>]*action="http://localhost${at}/predictions"`))
  const preflight = await ask(
    `${at}/predictions`,
    { Origin: studio, 'Access-Control-Request-Headers': 'hx-request,hx-target' },
    { method: 'OPTIONS' },
  )
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('hx-request')
})

/** The id of the prediction that a form without htmx led to. */
const idIn = (answer: Response) =>
  /prediction=([a-z2-7]{26})/.exec(answer.headers.get('Location') ?? '')?.[1] ?? ''

it('runs for visitors of the page, who see the result until it has settled', async () => {
  await start(signedInServer)
  const { at, link } = await linked()
  const answer = await run(at, { 'input.text': 'sand' }, { Origin: 'http://localhost' })
  expect(answer.status).toBe(303)
  const id = idIn(answer)
  const made = await sandpit.runner.settledWithin(id, 60_000)
  expect(made).toMatchObject({
    createdBy: `embed:${link.id}`,
    account: 'person:ann',
    visibility: 'private',
    output: 'sand',
  })
  expect(await sandpit.store.findEmbed(link.hash)).toMatchObject({ runs: 1 })
  const panel = await ask(`${at}/p/${id}/panel`, fromStudio)
  expect(panel.headers.get('Access-Control-Allow-Origin')).toBe(studio)
  const html = await panel.text()
  expect(html).toContain('data-status="succeeded"')
  expect(html).not.toContain('hx-get')
  expect(await (await ask(`${at}?prediction=${id}`)).text()).toContain('data-status="succeeded"')
  // Neither another link nor a page of ours shows it.
  const other = await linked()
  expect((await ask(`${other.at}/p/${id}/panel`)).status).toBe(404)
  expect((await ask(`/p/${id}`, { 'X-User': 'ben' })).status).toBe(404)
})

it('answers htmx with the panel, and with the form when an input is wrong', async () => {
  await start(signedInServer)
  const { at } = await linked()
  expect(await (await run(at, { 'input.text': 'sand' })).text()).toMatch(
    /^<article class="prediction"/,
  )
  const version = (await sandpit.runner.findModel(model))?.version.id ?? ''
  const wrong = await run(at, { version, 'input.text': 'much too long' })
  expect([wrong.status, wrong.headers.get('HX-Retarget')]).toEqual([422, '#prediction-form'])
  expect(wrong.headers.get('Access-Control-Expose-Headers')).toContain('HX-Retarget')
  expect(await wrong.text()).toContain('much too long')
  // A form of the page itself stays, and gets the reason as its result.
  const own = await run(at, { 'input.text': 'much too long' })
  expect([own.status, own.headers.get('HX-Retarget')]).toEqual([422, null])
  expect(await own.text()).toMatch(/^<section class="error-summary"/)
  // htmx 2 swaps in no errors.
  const two = await run(
    at,
    { 'input.text': 'much too long' },
    { Origin: studio, 'HX-Request': 'true' },
  )
  expect(two.status).toBe(200)
})

it('offers nothing that others made, whatever button is pressed', async () => {
  await start(signedInServer)
  const { at } = await linked()
  for (const action of ['earlier', 'link', 'view', 'resume']) {
    const answer = await run(at, { 'input.text': 'sand', [action]: 'text' })
    expect([action, answer.status]).toEqual([action, 200])
  }
  expect((await sandpit.store.usedSince('embed:open', 0)).runs).toBe(0)
})

it('stops at the runs of a day of its link', async () => {
  await start(signedInServer)
  const { at } = await linked({ runsPerDay: 1 })
  expect(await (await ask(`${at}/form`, fromStudio)).text()).toContain('1 of 1 left today')
  expect((await run(at, { 'input.text': 'one' })).status).toBe(200)
  const second = await run(at, { 'input.text': 'two' })
  expect(second.status).toBe(429)
  const sentences = await second.text()
  expect(sentences).toContain('The one run of today is used')
  expect(sentences).toContain('More from midnight UTC')
  expect(sentences).not.toContain('operator')
})

it.each([
  ['another origin', {}, 'https://evil.example', 403, 'may not show models'],
  ['another allowed origin', {}, 'https://intranet.example', 403, 'each embed link is for one'],
  ['a link that has ended', { expiresAt: 1 }, studio, 410, 'has expired'],
  [
    'a link whose origin is not allowed any more',
    { origin: 'https://gone.example' },
    studio,
    403,
    'may not show models',
  ],
  ['a link for people who are signed in', { signIn: true }, studio, 401, 'Sign in to run this'],
  ['a link that shows a result alone', { shows: 'result' }, studio, 403, 'shows a result alone'],
] as const)('refuses %s with a sentence', async (_name, terms, origin, status, words) => {
  await start(signedInServer)
  const { at } = await linked(terms)
  const headers = { ...fromStudio, Origin: origin }
  for (const answer of [
    await ask(`${at}/form`, headers),
    await run(at, { 'input.text': 'a' }, headers),
  ]) {
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(words)
  }
})

it('lets those who are signed in run by a link for them', async () => {
  await start(signedInServer)
  const { at } = await linked({ signIn: true })
  const answer = await ask(at, { 'X-User': 'ben' })
  expect(await answer.text()).toContain('name="input.text"')
})

it('needs no link where nobody signs in, and shows public models alone', async () => {
  await start()
  const at = '/embed/test/words'
  expect(await (await ask(`${at}/form`, fromStudio)).text()).toContain('name="input.text"')
  const id = idIn(await run(at, { 'input.text': 'sand' }, { Origin: studio }))
  await sandpit.runner.settledWithin(id, 60_000)
  expect(await (await ask(`/embed/p/${id}/panel`, fromStudio)).text()).toContain('sand')
  expect((await ask('/embed/test/missing/form', fromStudio)).status).toBe(404)
  expect(
    (await ask('/embed/test/words/form', { ...fromStudio, Origin: 'https://evil.example' })).status,
  ).toBe(403)
})

it('needs a link where people sign in', async () => {
  await start(signedInServer)
  const answer = await ask('/embed/test/words', { 'X-User': 'ben' })
  expect(answer.status).toBe(401)
  expect(await answer.text()).toContain('needs an embed link')
})

it('makes a link on the page of the model, shows its code, and ends it', async () => {
  await start(signedInServer)
  const olga = namedPerson(sandpit, 'olga')
  const page = (await olga.get('/test/words')).text
  expect(page).toContain('href="/test/words/embed"')
  const terms = { origin: studio, shows: 'both', anyone: 'true', runs: '2', ends: '30' }
  const wrong = await olga.post('/test/words/embed', { ...terms, origin: 'https://evil.example' })
  expect(wrong.status).toBe(422)
  expect((await olga.post('/test/words/embed', terms)).status).toBe(303)
  const [link] = await sandpit.store.embedsOf(model, 10)
  expect(link).toMatchObject({ origin: studio, signIn: false, runsPerDay: 2 })
  const made = (await olga.get('/test/words/embed')).text
  const [, at = ''] = /http:\/\/localhost(\/embed\/s\/[a-z2-7]{26})&quot;/.exec(made) ?? []
  expect((await ask(at)).status).toBe(200)
  expect(made).toContain('0 of 2')
  const ben = namedPerson(sandpit, 'ben')
  expect((await ben.get('/test/words/embed')).status).toBe(403)
  expect((await ben.get('/test/words')).text).not.toContain('href="/test/words/embed"')
  expect((await olga.post(`/test/words/embed/${link?.id}/revocation`)).status).toBe(303)
  expect((await ask(at)).status).toBe(410)
  const { entries } = await sandpit.store.entries({}, 10, null)
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['embed made', 'embed ended']),
  )
})
