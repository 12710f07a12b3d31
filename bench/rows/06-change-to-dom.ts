import { atMost, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { clock } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'
import { agesInDom } from '../support/watched-changes.ts'

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
        const all = await agesInDom(page, server.url + path, changes)
        return [
          { what: 'p50', value: quantile(all, 0.5), unit: 'ms', budget: atMost(10) },
          { what: 'p95', value: quantile(all, 0.95), unit: 'ms', budget: atMost(25) },
          { what: 'changes seen', value: all.length, unit: '×', budget: null },
        ]
      }),
    ),
}
