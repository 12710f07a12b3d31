import type { Page } from 'playwright'
import { afterAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startOtherOrigin } from '../support/other-origin.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  words: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/words', description: 'Says a word.',
      input: z.object({ text: z.string() }), output: z.string(), run: ({ text }) => 'said ' + text,
    })`,
})

/** What was pasted into the page of the other origin. */
let pasted = ''
let host: Awaited<ReturnType<typeof startOtherOrigin>>
/** Frames the page of the other origin. */
let stranger: Awaited<ReturnType<typeof startOtherOrigin>>
const site = startSite(async () => {
  host = await startOtherOrigin({
    '/': (query) => `<!doctype html><html lang="en"><title>Studio</title>
      ${pasted}<script src="/htmx${query.get('htmx') ?? 2}.js"></script>`,
  })
  stranger = await startOtherOrigin({
    '/': () => `<!doctype html><html lang="en"><title>Stranger</title>
      <iframe src="${host.origin}/" title="Studio"></iframe>
      <iframe src="${/src="([^"]*)"/.exec(pasted)?.[1]}" title="Sandpit"></iframe>`,
  })
  return {
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_EMBED_ORIGINS: host.origin,
      SANDPIT_MODELS: models,
    },
  }
})
afterAll(() => {
  host?.close()
  stranger?.close()
})

/** The page of the model’s embed links, as its operator sees it. */
async function openLinks(javaScriptEnabled: boolean): Promise<Page> {
  const context = await site.browser.newContext({
    javaScriptEnabled,
    extraHTTPHeaders: { 'X-User': 'olga' },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  await page.goto(`${site.server.url}/test/words`)
  await page.getByRole('link', { name: 'Embed' }).click()
  return page
}

async function makeLink(page: Page, runs: string): Promise<void> {
  await page.getByLabel('runs').fill(runs)
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText(`0 of ${runs}`).waitFor()
}

/** The code under a heading, as people take it from the page. */
async function copyCode(page: Page, title: string, scripts: boolean): Promise<string> {
  const figure = page.locator('figure', { has: page.getByRole('heading', { name: title }) })
  const code = (await figure.locator('pre').textContent()) ?? ''
  if (!scripts) return code
  await figure.getByRole('button', { name: 'Copy' }).click()
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  await eventually(async () => expect(await copied()).toBe(code))
  return copied()
}

async function visit(javaScriptEnabled: boolean, version = 2): Promise<Page> {
  const page = await (await site.browser.newContext({ javaScriptEnabled })).newPage()
  await page.goto(`${host.origin}/?htmx=${version}`)
  return page
}

it.each([true, false])('are made, copied, used and ended, with scripts: %s', async (scripts) => {
  const links = await openLinks(scripts)
  await makeLink(links, '1')
  pasted = await copyCode(links, 'Frame', scripts)
  const page = await visit(scripts)
  const frame = page.frameLocator('iframe')
  const run = frame.getByRole('button', { name: 'Run', exact: true }).last()
  await frame.getByLabel('text').fill('sand')
  await run.click()
  await frame.getByText('said sand').waitFor()
  // The one run of today is used.
  await frame.getByLabel('text').fill('more')
  await run.click()
  await frame.getByText('The one run of today is used').first().waitFor()
  expect(await page.context().cookies()).toEqual([])

  await links.reload()
  await links.getByText('1 of 1').waitFor()
  await links.getByRole('button', { name: `End the link of ${host.origin}` }).click()
  await links.getByText('Make a link first').waitFor()
  await page.reload()
  await frame.getByRole('heading', { name: 'This embed link was ended' }).waitFor()
  await page.context().close()
  await links.context().close()
})

it.each([2, 4])('are ended for fragments, too, in a sentence, with htmx %i', async (version) => {
  const links = await openLinks(true)
  await makeLink(links, '5')
  pasted = await copyCode(links, 'htmx, in your own page', true)
  const page = await visit(true, version)
  await page.getByLabel('text').fill('sand')
  await links.getByRole('button', { name: `End the link of ${host.origin}` }).click()
  await links.getByText('Make a link first').waitFor()
  await page.locator('button.run').click()
  await page.locator('#result').getByText('This embed link was ended').waitFor()
  await page.reload()
  await page.getByText('This embed link was ended').waitFor()
  await page.context().close()
  await links.context().close()
})

it('show nothing on pages of strangers, nor in a frame inside a frame of theirs', async () => {
  const links = await openLinks(true)
  await makeLink(links, '7')
  pasted = await copyCode(links, 'Frame', true)
  const page = await visit(true)
  const refused: string[] = []
  page.on('console', (message) => {
    if (/frame-ancestors/.test(message.text())) refused.push(message.text())
  })
  await page.goto(`${stranger.origin}/`)
  // The frame of the stranger, and that of the studio inside one of the stranger.
  await eventually(() => expect(refused.length).toBe(2))
  for (const frame of page.frames()) expect(await frame.locator('#prediction-form').count()).toBe(0)
  await page.context().close()
  await links.context().close()
})
