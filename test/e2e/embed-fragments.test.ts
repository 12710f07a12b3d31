import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { startOtherOrigin } from '../support/other-origin.ts'
import { startSite } from '../support/site.ts'

/** A model that says a word, and then waits until a file is there. */
const models = writeModels({
  gated: `
    import { existsSync } from 'node:fs'
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/gated', description: 'Says a word, and another one once a file is there.',
      input: z.object({ gate: z.string(), note: z.string().max(5).default('') }),
      output: z.string(), copies: 4,
      async *run({ gate }, ctx) {
        yield 'first'
        while (!existsSync(gate)) await wait(20, undefined, { signal: ctx.signal })
        yield ' last'
      },
    })`,
})

describe.each([
  ['held', {}],
  ['asked for at an interval', { SANDPIT_POLL: '200ms' }],
])('panels that are %s', (name, environment) => {
  const isHeld = name === 'held'
  let host: Awaited<ReturnType<typeof startOtherOrigin>>
  const site = startSite(async () => {
    host = await startOtherOrigin({
      '/': (query) => `<!doctype html><html lang="en"><title>Words</title>
        <meta name="htmx-config" content='{"mode": "cors", "selfRequestsOnly": false}'>
        <script src="/htmx${query.get('htmx')}.js"></script>
        <div hx-get="${site.server.url}/embed/test/gated/form" hx-trigger="load"></div>
        <div id="result"></div>`,
    })
    const own = { SANDPIT_EMBED_ORIGINS: host.origin, SANDPIT_MODELS: models }
    return { environment: { ...own, ...environment } }
  })
  afterAll(() => host?.close())

  async function open(version: number) {
    const page = await (await site.browser.newContext()).newPage()
    const panels: string[] = []
    const said: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'GET' && request.url().includes('/panel')) panels.push(request.url())
    })
    page.on('console', (message) => message.type() === 'error' && said.push(message.text()))
    await page.goto(`${host.origin}/?htmx=${version}`)
    return { page, panels, said, run: page.locator('button.run') }
  }

  it.each([2, 4])('go on by themselves to the result, with htmx %i', async (version) => {
    const { page, panels, said, run } = await open(version)
    const gate = join(models, `gate-${name}-${version}`.replaceAll(' ', '-'))
    await page.getByLabel('gate').fill(gate)
    await run.click()
    await page.locator('#result [data-status=processing]').waitFor()
    await page.locator('#result').getByText('first').waitFor()
    // A held request is answered by what happens; the others are sent while nothing does.
    const before = panels.length
    const most = isHeld ? 0 : before + 3
    await eventually(() => expect(panels.length).toBeGreaterThan(most))
    writeFileSync(gate, '')
    await page.locator('#result [data-status=succeeded]').waitFor()
    await page.locator('#result').getByText('first last').waitFor()
    expect(await page.locator('#result article').count()).toBe(1)
    if (isHeld) expect(panels.length).toBeLessThan(12)
    expect(said).toEqual([])
    expect(await page.context().cookies()).toEqual([])
    expect(new URL(page.url()).origin).toBe(host.origin)
    await page.context().close()
  })

  it.each([2, 4])('say what is wrong in the form, and cancel, with htmx %i', async (version) => {
    const { page, run } = await open(version)
    await page.getByLabel('gate').fill(join(models, 'never'))
    // As a browser that knows no longest length.
    const note = page.getByLabel('note')
    await note.evaluate((field: HTMLInputElement) => field.removeAttribute('maxlength'))
    await note.fill('much too long')
    await run.click()
    await page.locator('form .error-summary').waitFor()
    expect(await page.locator('#result').innerHTML()).toBe('')
    await page.getByLabel('note').fill('short')
    await run.click()
    await page.locator('#result').getByRole('button', { name: 'Cancel' }).click()
    await page.locator('#result [data-status=canceled]').waitFor()
    await page.context().close()
  })
})
