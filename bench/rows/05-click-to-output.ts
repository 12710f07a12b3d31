import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { clickInTurns } from '../support/clicks.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'

const clicks = 30

export const clickToOutput: Row = {
  name: '5',
  title: `From the click on Run to the output in Chromium, no-op local model, ${clicks} clicks`,
  measure: (checkout) =>
    withSandpit(checkout, noop, (server) =>
      withPage(async (page) => {
        await page.goto(`${server.url}/bench/noop`)
        const [all = []] = await clickInTurns([page], clicks)
        return [
          { what: 'p50', value: quantile(all, 0.5), unit: 'ms', budget: atMost(13) },
          { what: 'p95', value: quantile(all, 0.95), unit: 'ms', budget: atMost(20) },
        ]
      }),
    ),
}
