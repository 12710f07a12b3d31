import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { EmbedTerms } from '../../../src/domain/people/embed-link.ts'
import { addEmbed } from '../../support/embeds.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { toFormData } from '../../support/visitor.ts'

const source = (name: string) => `
  import { existsSync } from 'node:fs'
  import { setTimeout as wait } from 'node:timers/promises'
  import { defineModel, z } from 'sandpit/model'
  export default defineModel({
    name: 'test/${name}', description: 'Says a text once a file is there.',
    input: z.object({ text: z.string(), gate: z.string().default('') }), output: z.string(),
    async run({ text, gate }, ctx) {
      while (gate && !existsSync(gate)) await wait(20, undefined, { signal: ctx.signal })
      return text
    },
  })`
const models = writeModels({ words: source('words'), other: source('other') })
const model = { owner: 'test', name: 'words' }
const studio = 'https://studio.example'
const stranger = 'https://stranger.example'

let sandpit: TestApp
afterEach(() => sandpit.close())

type Values = Readonly<Record<string, string>>

const people = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }

async function start(environment: Values = people) {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_EMBED_ORIGINS: studio, ...environment },
  })
}

const linked = (terms: Partial<EmbedTerms> = {}) => addEmbed(sandpit, model, terms)

/** As each version of htmx sends from a page of the studio. */
const htmx4 = { Origin: studio, 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const htmx2 = { Origin: studio, 'HX-Request': 'true' }

const ask = async (path: string, headers: Values = {}, init: RequestInit = {}) =>
  sandpit.app.request(path, { ...init, headers: { Host: 'localhost', ...headers } })

const run = (at: string, values: Values, headers: Values = htmx4) =>
  ask(`${at}/predictions`, headers, { method: 'POST', body: toFormData(values) })

/** The status and the title of a refusal. */
async function refusal(answer: Response) {
  const [, title] = /role="alert"><h2>([^<]*)</.exec(await answer.text()) ?? []
  return [answer.status, title]
}

const allowed = (answer: Response) => answer.headers.get('Access-Control-Allow-Origin')

const panelIn = async (answer: Response) =>
  /hx-get="http:\/\/localhost([^"]*)"/.exec(await answer.text())?.[1]?.replace('&amp;', '&') ?? ''

it('gives pages of strangers nothing to read, and runs nothing for them', async () => {
  await start()
  const { at } = await linked()
  const from = { ...htmx4, Origin: stranger }
  const preflight = { ...from, 'Access-Control-Request-Method': 'POST' }
  for (const answer of [
    await ask(`${at}/form`, from),
    await run(at, { 'input.text': 'sand' }, from),
    await ask(`${at}/predictions`, preflight, { method: 'OPTIONS' }),
    // A form that a page of theirs sends without htmx, and one in a sandbox.
    await run(at, { 'input.text': 'sand' }, { Origin: stranger }),
    await run(at, { 'input.text': 'sand' }, { Origin: 'null' }),
  ])
    expect([allowed(answer), answer.status < 300 && answer.status !== 204]).toEqual([null, false])
  const refused = await run(at, { 'input.text': 'sand' }, { Origin: stranger })
  expect(await refusal(refused)).toEqual([403, 'This page may not show models of this server'])
  expect((await sandpit.store.usedSince(`embed:${(await linked()).link.id}`, 0)).runs).toBe(0)
  // The browser does not show the frame: it is for the page of the link alone.
  const policy = (await ask(at)).headers.get('Content-Security-Policy') ?? ''
  expect(policy).toMatch(new RegExp(`frame-ancestors ${studio}$`))
})

it.each([
  ['expired', 'This embed link has expired'],
  ['ended', 'This embed link was ended'],
])('says in the page that asked that its link is %s', async (how, title) => {
  await start()
  const { at, link } = await linked(how === 'expired' ? { expiresAt: 1 } : {})
  if (how === 'ended') await sandpit.store.endEmbed({ model, id: link.id }, 1)
  for (const path of [`${at}/form`, `${at}/p/${'a'.repeat(26)}/panel`]) {
    const answer = await ask(path, htmx4)
    expect([allowed(answer), ...(await refusal(answer))]).toEqual([studio, 410, title])
    // It swaps in nothing that comes with an error.
    expect(await refusal(await ask(path, htmx2))).toEqual([200, title])
  }
  expect(await refusal(await run(at, { 'input.text': 'sand' }))).toEqual([410, title])
  const frame = await ask(at)
  expect(frame.headers.get('Content-Security-Policy')).toContain(`frame-ancestors ${studio}`)
  expect(await refusal(frame)).toEqual([410, title])
})

it('says so in place of a panel whose request is held', async () => {
  await start()
  const { at, link } = await linked()
  const gate = join(models, `gate-${link.id}`)
  const panel = await panelIn(await run(at, { 'input.text': 'sand', 'input.gate': gate }))
  expect(panel).toContain('/panel?seen=')
  const held = ask(panel, htmx2)
  await sandpit.store.endEmbed({ model, id: link.id }, 1)
  writeFileSync(gate, '')
  const answer = await held
  expect([allowed(answer), ...(await refusal(answer))]).toEqual([
    studio,
    200,
    'This embed link was ended',
  ])
})

it('finishes what runs when the runs of its link are used up', async () => {
  await start()
  const { at, link } = await linked({ runsPerDay: 1 })
  const gate = join(models, `gate-${link.id}`)
  const panel = await panelIn(await run(at, { 'input.text': 'sand', 'input.gate': gate }))
  for (const [headers, status] of [
    [htmx4, 429],
    [htmx2, 200],
  ] as const) {
    const second = await run(at, { 'input.text': 'more' }, headers)
    expect([second.status, allowed(second)]).toEqual([status, studio])
    expect(await second.text()).toContain('The one run of today is used')
  }
  writeFileSync(gate, '')
  await sandpit.runner.settledWithin(/p\/(.{26})/.exec(panel)?.[1] ?? '', 60_000)
  expect(await (await ask(panel, htmx4)).text()).toContain('sand')
})

it('says that its model is gone', async () => {
  await start()
  const { at } = await addEmbed(sandpit, { owner: 'test', name: 'removed' })
  for (const answer of [
    await ask(at),
    await ask(`${at}/form`, htmx4),
    await run(at, { 'input.text': 'sand' }),
  ])
    expect(await refusal(answer)).toEqual([404, 'There is no such model'])
})

it('runs the model of its link alone, whatever the form names', async () => {
  await start()
  const { at } = await linked()
  const other = await sandpit.runner.findModel({ owner: 'test', name: 'other' })
  const version = other?.version.id ?? ''
  // It runs until the answer is there, which names it.
  const gate = join(sandpit.data, 'gate')
  const values = { model: 'test/other', 'input.text': 'sand', 'input.gate': gate }
  // A form of the other model is one that its own has changed since.
  expect((await run(at, { ...values, version })).status).toBe(409)
  const panel = await (await run(at, values)).text()
  writeFileSync(gate, '')
  const id = /\/p\/([a-z2-7]{26})/.exec(panel)?.[1] ?? ''
  expect((await sandpit.runner.settledWithin(id, 60_000))?.model).toEqual(model)
  // And shows what was made by it alone.
  const second = await addEmbed(sandpit, { owner: 'test', name: 'other' })
  for (const path of [`${second.at}/p/${id}`, `${second.at}/p/${id}/panel`])
    expect(await refusal(await ask(path))).toEqual([404, 'Prediction not found'])
})

it('finds a link by its address alone', async () => {
  await start()
  const { at } = await linked()
  const token = at.slice(-26)
  const missing = [404, 'This embed link does not exist']
  expect(await refusal(await ask(`/embed/${token}`))).toEqual(missing)
  expect(await refusal(await ask(`${at}x/form`, htmx4))).toEqual(missing)
  expect(await refusal(await ask('/embed/s/x'))).toEqual(missing)
  const needed = [401, 'This needs an embed link']
  for (const path of ['/embed/test/words', `/embed/test/words?token=${token}`])
    expect(await refusal(await ask(path))).toEqual(needed)
  const bearer = { ...htmx4, Authorization: `Bearer ${token}` }
  expect(await refusal(await ask('/embed/test/words/form', bearer))).toEqual(needed)
  expect(await refusal(await run('/embed/test/words', { 'input.text': 'a' }))).toEqual(needed)
})

it('says how to come in where a session does not get across', async () => {
  await start()
  const { at } = await linked({ signIn: true })
  const page = `href="http://localhost${at}"`
  for (const answer of [
    await ask(at, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'iframe' }),
    await ask(`${at}/form`, { ...htmx4, 'Sec-Fetch-Site': 'same-site' }),
  ]) {
    const html = await answer.text()
    expect(answer.status).toBe(401)
    expect(html).toContain('It works in a tab of its own')
    expect(html).toContain(page)
  }
  const near = await ask(at, { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Dest': 'iframe' })
  expect(await near.text()).toContain('Sign in in a new tab, then come back')
  // In a tab of its own, it is a page that asks for a sign-in as all others do.
  const tab = await ask(at, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'document' })
  expect([tab.status, await tab.text()]).toEqual([
    401,
    expect.stringContaining('your name in the x-user header'),
  ])
})
