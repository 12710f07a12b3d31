import { atLeast, atMost, type Row } from '../row.ts'
import { makeRuns } from '../support/api-runs.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { createProgram } from '../support/program.ts'
import { succeededIn, withSandpit } from '../support/sandpit.ts'

const warmUpMs = 3_000
const measuredMs = 10_000

export const apiPredictions: Row = {
  name: '11',
  title: 'POST /v1/predictions and completion, a no-op model, 16 clients that wait, for 10 s',
  measure: (checkout) =>
    withSandpit(
      checkout,
      noop,
      async (server) => {
        const options = { servers: [server], succeeded: succeededIn(server) }
        await createProgram(server.port).finish('bench/noop', { text: 'warm' })
        await makeRuns({ ...options, ms: warmUpMs })
        const { perSecond, times, cpuEach } = await makeRuns({ ...options, ms: measuredMs })
        return [
          {
            what: 'made and done, all of them durable',
            value: perSecond,
            unit: 'requests/s',
            budget: atLeast(1_400),
          },
          { what: 'asked → output, p50', value: quantile(times, 0.5), unit: 'ms', budget: null },
          {
            what: 'asked → output, p95',
            value: quantile(times, 0.95),
            unit: 'ms',
            budget: atMost(30),
          },
          { what: 'processor time each, the server', value: cpuEach, unit: 'µs', budget: null },
        ]
      },
      { SANDPIT_RATE: 'off' },
    ),
}
