import { atMost, type Row } from '../row.ts'
import { noop } from '../support/models.ts'
import { residentMb, sleep } from '../support/process.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

/** V8 returns memory within some 16 s of the last collection. */
const restMs = 16_000

export const idleMemory: Row = {
  name: '10',
  title: 'Resident memory at rest, children aside',
  measure: (checkout) =>
    withSandpit(checkout, noop, async (server) => {
      await sleep(restMs)
      const fresh = residentMb(server.pid)
      const visitor = await createVisitor(server.port, 'bench/noop')
      await visitor.finish({ text: 'one' })
      await sleep(restMs)
      const used = residentMb(server.pid)
      return [
        { what: 'after the start', value: fresh, unit: 'MB', budget: atMost(105) },
        { what: 'after a page and a run', value: used, unit: 'MB', budget: atMost(105) },
      ]
    }),
}
