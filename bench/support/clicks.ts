import type { Page } from 'playwright'
import { sleep } from './process.ts'

const warmUps = 3
const restMs = 100

/**
 * Presses Run so many times on each of the pages, which are open at `bench/noop`, in turns.
 * @returns For each page, the milliseconds from each click to the output.
 */
export async function clickInTurns(pages: readonly Page[], clicks: number): Promise<number[][]> {
  const all: number[][] = pages.map(() => [])
  for (let click = 0; click < warmUps + clicks; click++)
    for (const [at, page] of pages.entries()) {
      const took = await page.evaluate(clickAndWait, `output ${click}`)
      if (click >= warmUps) all[at]?.push(took)
      await sleep(restMs)
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
