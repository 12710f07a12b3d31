import type { Page } from 'playwright'
import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { clock } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

const warmUps = 5
const changes = 50

export const changeToDom: Row = {
  name: '6',
  title: 'From a change to the DOM of a browser that watches, 50 changes 200 to 400 ms apart',
  measure: (checkout) =>
    withSandpit(checkout, clock, (server) =>
      withPage(async (page) => {
        const visitor = await createVisitor(server.port, 'bench/clock')
        const times = String(warmUps + changes)
        const path = await visitor.start({ times, everyMs: '200', spreadMs: '200' })
        const all = await watch(page, server.url + path)
        return [
          { what: 'p50', value: quantile(all, 0.5), unit: 'ms', budget: atMost(10) },
          { what: 'p95', value: quantile(all, 0.95), unit: 'ms', budget: atMost(25) },
          { what: 'changes seen', value: all.length, unit: '×', budget: null },
        ]
      }),
    ),
}

async function watch(page: Page, url: string): Promise<number[]> {
  await page.goto(url)
  const all = await page.evaluate(latencies, changes)
  return all
}

/** In the page: the age of each timestamp when it is in the DOM. */
function latencies(count: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const all: number[] = []
    let seen = document.querySelector('#prediction .stream')?.textContent ?? ''
    const observer = new MutationObserver(() => {
      const text = document.querySelector('#prediction .stream')?.textContent ?? ''
      const last = text.slice(text.lastIndexOf('@') + 1)
      if (text === seen || last === '') return
      seen = text
      all.push(Date.now() - Number(last))
      if (all.length === count) finish()
    })
    const finish = () => {
      observer.disconnect()
      resolve(all)
    }
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    setTimeout(() => (all.length > 0 ? finish() : reject(new Error('Nothing changed'))), 30_000)
  })
}
