import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright'
import { expect, it } from 'vitest'
import { expectAccessible } from '../support/axe.ts'
import { writeModels } from '../support/models.ts'
import { startSite } from '../support/site.ts'

const models = writeModels({
  count: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/count', description: 'Says its inputs again.',
      input: z.object({ label: z.string(), times: z.int().default(2) }),
      output: z.object({ label: z.string(), times: z.number() }),
      run: (input) => input,
    })`,
})
const site = startSite({ environment: { SANDPIT_MODELS: models } })

const label = `it's "so" $HOME \`x\` é`

async function openRecord(page: Page): Promise<string> {
  await page.getByLabel('label').fill(label)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.locator('#prediction .prediction-id a').click()
  await page.locator('[data-status=succeeded]').first().waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.reload()
  await page.getByRole('link', { name: 'Run it again, and cite it' }).click()
  await page.getByRole('heading', { name: 'All inputs' }).waitFor()
  return id
}

const text = async (path: string) => (await fetch(site.server.url + path)).text()

it.each([true, false])('has code that runs it again, with scripts: %s', async (scripts) => {
  const page = await site.open('/test/count', { javaScriptEnabled: scripts })
  await openRecord(page)
  expect(await page.locator('.inputs').textContent()).toMatch(/times.*2/s)
  await page.getByRole('link', { name: 'cURL' }).click()
  await page.waitForURL('**language=curl*')
  const code = (await page.locator('#again').textContent()) ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-record-'))
  writeFileSync(join(folder, 'again.sh'), code)
  const { stdout } = await promisify(execFile)('bash', ['again.sh'], { cwd: folder })
  const answer: unknown = JSON.parse(stdout)
  expect(answer).toMatchObject({ input: { label, times: 2 } })
  for (const language of ['JavaScript', 'Python', 'BibTeX']) {
    await page.getByRole('link', { name: language }).click()
    await page
      .locator('#again')
      .filter({ hasText: language === 'BibTeX' ? '@misc' : 'label' })
      .waitFor()
  }
  if (scripts) await expectAccessible(page)
  await page.context().close()
})

it('is the same JSON, byte for byte, with the hash that the page says', async () => {
  const page = await site.open('/test/count')
  const id = await openRecord(page)
  const record = await text(`/p/${id}.json`)
  const sha256 = createHash('sha256').update(record).digest('hex')
  expect(await page.locator('.inputs').textContent()).toContain(sha256)
  await page.goto(`${site.server.url}/p/${id}`)
  await page.getByRole('button', { name: 'Good' }).click()
  await page.getByRole('button', { name: 'Good', pressed: true }).waitFor()
  expect(await text(`/p/${id}.json`)).toBe(record)
  await page.context().close()
})
