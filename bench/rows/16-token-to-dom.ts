import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { timesEndAt, withChatServer } from '../support/chat-server.ts'
import { quantile } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

/** As fast as a small model on a good card. */
const everyMs = 20
const warmUps = 100
const tokens = 500

export const tokenToDom: Row = {
  name: '16',
  title: `From a token of a chat model’s server to the DOM, ${tokens} tokens ${everyMs} ms apart`,
  measure: (checkout) =>
    withChatServer({ tokens: warmUps + tokens + 100, everyMs }, (environment) =>
      withSandpit(
        checkout,
        {},
        (server) =>
          withPage(async (page) => {
            const visitor = await createVisitor(server.port, 'bench/chat')
            const path = await visitor.start({ prompt: 'What time is it?' })
            await page.goto(server.url + path)
            const { ages, changes } = await page.evaluate(watch, { warmUps, tokens, timesEndAt })
            return [
              { what: 'p50', value: quantile(ages, 0.5), unit: 'ms', budget: null },
              { what: 'p95', value: quantile(ages, 0.95), unit: 'ms', budget: atMost(60) },
              { what: 'p99', value: quantile(ages, 0.99), unit: 'ms', budget: null },
              {
                what: 'tokens in a change of the page',
                value: ages.length / changes,
                unit: '×',
                budget: null,
              },
            ]
          }),
        environment,
      ),
    ),
}

interface Wanted {
  readonly warmUps: number
  readonly tokens: number
  readonly timesEndAt: number
}

interface Watched {
  /** Of each token when it was in the DOM, in milliseconds. */
  readonly ages: number[]
  readonly changes: number
}

/** In the page: the ages of so many tokens, after the first ones. */
function watch({ warmUps, tokens, timesEndAt }: Wanted): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const ages: number[] = []
    let changes = 0
    let seen = 0
    const observer = new MutationObserver(() => {
      const now = Date.now()
      const text = document.querySelector('#prediction .stream')?.textContent ?? ''
      const stamps = text.split('@').slice(1)
      const fresh = stamps.slice(seen === 0 ? stamps.length : Math.max(seen, warmUps))
      seen = Math.max(seen, stamps.length)
      if (fresh.length === 0) return
      changes++
      ages.push(...fresh.map((stamp) => (now - Number.parseInt(stamp, 36)) % timesEndAt))
      if (ages.length < tokens) return
      observer.disconnect()
      resolve({ ages, changes })
    })
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    setTimeout(() => reject(new Error('The answer did not come in time')), 60_000)
  })
}
