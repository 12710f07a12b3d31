import type { Browser, Page } from 'playwright'
import { startBrowser } from '../../test/support/browser.ts'
import { atMost, type Row } from '../row.ts'
import { twentyFields } from '../support/models.ts'
import { median } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'

const views = 5

/** 1.6 Mbit/s down, 750 kbit/s up, 150 ms round trip. */
const slow4g = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}

export const slowNetwork: Row = {
  name: '4',
  title: `A playground page (20 fields) on slow 4G with a processor 4 times slower, of ${views} views`,
  measure: (checkout) =>
    withSandpit(checkout, twentyFields, async (server) => {
      const browser = await startBrowser()
      try {
        const all: Timing[] = []
        for (let view = 0; view <= views; view++) {
          const timing = await viewSlowly(browser, `${server.url}/bench/fields`)
          if (view > 0) all.push(timing)
        }
        const painted = median(all.map((timing) => timing.painted))
        const usable = median(all.map((timing) => timing.usable))
        return [
          { what: 'first contentful paint', value: painted, unit: 'ms', budget: atMost(500) },
          { what: 'usable', value: usable, unit: 'ms', budget: atMost(700) },
        ]
      } finally {
        await browser.close()
      }
    }),
}

interface Timing {
  readonly painted: number
  readonly usable: number
}

/** In a new context, with an empty cache. */
async function viewSlowly(browser: Browser, url: string): Promise<Timing> {
  const context = await browser.newContext()
  try {
    const page: Page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', slow4g)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    await page.addInitScript(watchForUse)
    await page.goto(url, { waitUntil: 'load' })
    return await page.evaluate(readTiming)
  } finally {
    await context.close()
  }
}

/** In the page, before it loads: records when Run is enabled and all scripts have run. */
function watchForUse(): void {
  const look = () => {
    const run = document.querySelector<HTMLButtonElement>('form[data-htmx-powered] .run')
    if (run && !run.disabled && document.readyState !== 'loading') performance.mark('usable')
    else setTimeout(look, 2)
  }
  look()
}

async function readTiming(): Promise<Timing> {
  const find = (name: string) => performance.getEntriesByName(name)[0]?.startTime
  while (find('usable') === undefined || find('first-contentful-paint') === undefined)
    await new Promise((resolve) => setTimeout(resolve, 10))
  return { painted: find('first-contentful-paint') ?? 0, usable: find('usable') ?? 0 }
}
