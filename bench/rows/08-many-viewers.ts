import { atMost, type Row } from '../row.ts'
import { clock } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { cpuMs, residentMb, sleep } from '../support/process.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'
import { gatherViewers, untilSpeaking } from '../support/watching.ts'

const viewers = 5_000
const predictions = 50
const everyMs = 1_000
/** Below the 1,000 requests that are held for one address. */
const perAddress = 900
/** Each starts with its process, so they do not change at the same time. */
const changesEach = 180
const settleMs = 8_000
const measureMs = 20_000

export const manyViewers: Row = {
  name: '8',
  title: `${viewers} viewers of ${predictions} predictions that each change once a second`,
  measure: (checkout) =>
    withSandpit(checkout, clock, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/clock')
      const paths = await startAll(server, visitor)
      await sleep(settleMs)
      const alone = residentMb(server.pid)
      const { port } = server
      const { headers } = visitor
      const watching = await gatherViewers({ port, headers, paths, viewers, perAddress })
      try {
        await sleep(settleMs)
        await watching.seen()
        const cpuBefore = cpuMs(server.pid)
        await sleep(measureMs)
        const cpu = cpuMs(server.pid) - cpuBefore
        const { latencies, stale, reopened, ownDelay } = await watching.seen()
        const perViewer = ((residentMb(server.pid) - alone) * 1024) / viewers
        const microseconds = (cpu * 1000) / latencies.length
        const perSecond = (latencies.length / measureMs) * 1000
        return [
          { what: 'p50', value: quantile(latencies, 0.5), unit: 'ms', budget: null },
          { what: 'p95', value: quantile(latencies, 0.95), unit: 'ms', budget: atMost(100) },
          { what: 'p99', value: quantile(latencies, 0.99), unit: 'ms', budget: null },
          { what: 'memory for a viewer', value: perViewer, unit: 'KB', budget: atMost(70) },
          { what: 'memory without viewers', value: alone, unit: 'MB', budget: null },
          { what: 'changes delivered', value: perSecond, unit: 'requests/s', budget: null },
          { what: 'answers without news', value: stale, unit: 'requests', budget: null },
          { what: 'connections opened again', value: reopened, unit: '×', budget: null },
          { what: 'processor time a change', value: microseconds, unit: 'µs', budget: null },
          {
            what: 'largest delay of the viewers themselves',
            value: ownDelay,
            unit: 'ms',
            budget: null,
          },
        ]
      } finally {
        watching.stop()
      }
    }),
}

/** Starts all of them, and waits for the first output of each. */
async function startAll(server: Server, visitor: Visitor): Promise<string[]> {
  const inputs = { times: String(changesEach), everyMs: String(everyMs), spreadMs: '0' }
  const starting = Array.from({ length: predictions }, () => visitor.start(inputs))
  const paths = await Promise.all(starting)
  for (const path of paths) await untilSpeaking(server, visitor, path)
  return paths
}
