import type { Page } from 'playwright'
import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { cells } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'

const groups = 10
const size = 100
const warmUps = 2
const kilobyte = 1_000

export const groupToDom: Row = {
  name: '18',
  title: `From Run to the last cell of a sweep in Chromium, ${size} runs of a no-op local model, ${groups} sweeps`,
  measure: (checkout) =>
    withSandpit(checkout, cells, (server) =>
      withPage(async (page) => {
        const form = `${server.url}/bench/cells/sweep?axis=number&values.number=1:${size}`
        const times: number[] = []
        for (let group = 0; group < warmUps + groups; group++) {
          await page.goto(form)
          const took = await runAll(page)
          if (group >= warmUps) times.push(took)
        }
        return [
          { what: 'p50', value: quantile(times, 0.5), unit: 'ms', budget: atMost(1_000) },
          { what: 'page', value: (await bytesOf(page)) / kilobyte, unit: 'KB', budget: atMost(60) },
        ]
      }),
    ),
}

/** Milliseconds from the click on Run until the page of the group shows that all have ended. */
async function runAll(page: Page): Promise<number> {
  const started = performance.now()
  await page.locator('button.run').click()
  await page.locator('#group[aria-busy=false]', { hasText: `${size} of ${size} done` }).waitFor()
  return performance.now() - started
}

/** The page without its stylesheet, which the browser has. */
async function bytesOf(page: Page): Promise<number> {
  const html = await page.evaluate(async () => (await fetch(location.href)).text())
  return Buffer.byteLength(html)
}
