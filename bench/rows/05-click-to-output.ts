import type { Page } from 'playwright'
import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { sleep } from '../support/process.ts'
import { withSandpit } from '../support/sandpit.ts'

const warmUps = 3
const clicks = 30

export const clickToOutput: Row = {
  name: '5',
  title: 'From the click on Run to the output in Chromium, no-op local model, 30 clicks',
  measure: (checkout) =>
    withSandpit(checkout, noop, (server) =>
      withPage(async (page) => {
        await page.goto(`${server.url}/bench/noop`)
        const all = await clickAll(page)
        return [
          { what: 'p50', value: quantile(all, 0.5), unit: 'ms', budget: atMost(13) },
          { what: 'p95', value: quantile(all, 0.95), unit: 'ms', budget: atMost(20) },
        ]
      }),
    ),
}

async function clickAll(page: Page): Promise<number[]> {
  const all: number[] = []
  for (let click = 0; click < warmUps + clicks; click++) {
    const took = await page.evaluate(clickAndWait, `output ${click}`)
    if (click >= warmUps) all.push(took)
    await sleep(100)
  }
  return all
}

/** In the page: presses Run with this text, and waits for the settled panel that shows it. */
function clickAndWait(text: string): Promise<number> {
  const input = document.querySelector('[name="input.text"]') as HTMLInputElement
  const button = document.querySelector('#prediction-form .run') as HTMLButtonElement
  input.value = text
  return new Promise((resolve, reject) => {
    const isThere = () =>
      document.querySelector('#prediction[aria-busy=false] .stream')?.textContent === text
    const observer = new MutationObserver(() => {
      if (!isThere()) return
      observer.disconnect()
      resolve(performance.now() - started)
    })
    observer.observe(document.body, { childList: true, subtree: true, attributes: true })
    setTimeout(() => reject(new Error('No output within 10 s')), 10_000)
    const started = performance.now()
    button.click()
  })
}
