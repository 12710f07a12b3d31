import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page } from 'playwright'
import type { Accepted } from './load.ts'

/** Reads a stream as an `EventSource` does: it connects again, and says which event was the last. */
export async function readStream(address: string, over: AbortSignal): Promise<string> {
  let output = ''
  let last = ''
  while (!over.aborted) {
    try {
      const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) }
      const response = await fetch(address, { headers, signal: over })
      if (!response.ok || !response.body) throw new Error(String(response.status))
      let text = ''
      for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
        text += part
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) {
          const { name, data, id } = fieldsOf(event)
          if (id) last = id
          if (name === 'output') output += data
          if (name === 'done') return output
        }
      }
    } catch {
      await delay(300)
    }
  }
  throw new Error(`The stream ${address} came to no end: ${output}`)
}

function fieldsOf(event: string) {
  const lines = event.split('\n')
  const field = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
  return { name: field('event')[0], data: field('data').join('\n'), id: field('id')[0] }
}

export interface Seen {
  readonly id: string
  /** When the page was open, in milliseconds since 1970. */
  readonly openedAt: number
  /** When the page showed the end, in milliseconds since 1970. */
  readonly at: number
}

/** Watches one prediction after another in a browser that does nothing but wait. */
export async function watchPages(
  browser: Browser,
  url: string,
  next: () => Accepted | undefined,
  over: AbortSignal,
): Promise<Seen[]> {
  const page = await (await browser.newContext()).newPage()
  const seen: Seen[] = []
  while (!over.aborted) {
    const watched = next()
    const opened = watched && (await page.goto(`${url}/p/${watched.id}`).catch(() => null))
    if (!watched || !opened?.ok() || !(await isWhole(page))) {
      await delay(200)
      continue
    }
    const openedAt = Date.now()
    const shown = page.waitForSelector('#prediction[aria-busy=false]', { timeout: 60_000 })
    const isShown = await shown.then(() => true).catch(() => false)
    const at = isShown ? Date.now() : Number.POSITIVE_INFINITY
    seen.push({ id: watched.id, openedAt, at })
  }
  await page.context().close()
  return seen
}

/** Whether a page has its panel and its script: a replica that is killed meanwhile sends a part, as to a person, who loads it again. */
function isWhole(page: Page): Promise<boolean> {
  const isThere = `typeof htmx === 'object' && document.querySelector('#prediction') !== null`
  return page.evaluate<boolean>(isThere).catch(() => false)
}
