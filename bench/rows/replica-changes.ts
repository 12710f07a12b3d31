import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atMost, type Figure, type Row } from '../row.ts'
import { withPage } from '../support/browser.ts'
import { follow } from '../support/following.ts'
import { clock, noop } from '../support/models.ts'
import { now } from '../support/now.ts'
import { quantile } from '../support/numbers.ts'
import { withReplicas } from '../support/replicas.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'
import { agesInDom } from '../support/watched-changes.ts'

const program = fileURLToPath(new URL('../support/changing-replica.ts', import.meta.url))
const ms = { warmUp: 2_000, measured: 6_000 }
const domChanges = { warmUp: 5, measured: 50 }
/** How many changes there are in a second, how many of the predictions have a held request, and the budget. */
const loads = [
  { perSecond: 100, heldCount: 2, budget: null },
  { perSecond: 100, heldCount: 20, budget: atMost(40) },
  { perSecond: 1_000, heldCount: 2, budget: null },
  { perSecond: 1_000, heldCount: 20, budget: null },
] as const

export const replicaChanges: Row = {
  name: 'changes',
  title: 'From a change at one replica to a browser and to held requests at another',
  measure: async (checkout) => [...(await inBrowser(checkout)), ...(await held(checkout))],
}

/** Row 6, and the same with a browser that watches at another replica than the one that runs it. */
async function inBrowser(checkout: string): Promise<Figure[]> {
  const alone = await withSandpit(checkout, clock, (server) => watched(server.port, server.url))
  const apart = await withReplicas(
    { checkout, sources: clock, count: 2 },
    ({ replicas: [runs, watches] }) => watched(runs?.port ?? 0, watches?.url ?? ''),
  )
  return [...figures('DOM on SQLite', alone, null), ...figures('DOM', apart, atMost(40))]
}

/** The ages of changes of a prediction that is started at `port`, in a browser that watches it at `origin`. */
function watched(port: number, origin: string): Promise<number[]> {
  return withPage(async (page) => {
    const visitor = await createVisitor(port, 'bench/clock')
    const times = String(domChanges.warmUp + domChanges.measured)
    const path = await visitor.start({ times, everyMs: '200', spreadMs: '200' })
    return agesInDom(page, origin + path, domChanges.measured)
  })
}

function held(checkout: string): Promise<Figure[]> {
  return withReplicas({ checkout, sources: noop, count: 1 }, async ({ replicas }, database) => {
    const port = replicas[0]?.port ?? 0
    const { headers } = await createVisitor(port, 'bench/noop')
    const all: Figure[] = []
    for (const { perSecond, heldCount, budget } of loads) {
      const child = fork(program, [database, String(perSecond)])
      const [ids] = await once(child, 'message')
      const begin = now() + ms.warmUp
      const following = { port, headers, begin, end: begin + ms.measured }
      const paths = ids.slice(0, heldCount).map((id: string) => `/p/${id}/panel`)
      const ages = await Promise.all(paths.map((path: string) => follow(path, following)))
      child.kill()
      await once(child, 'exit')
      all.push(...figures(`${perSecond}/s, ${heldCount} held`, ages.flat(), budget))
    }
    return all
  })
}

function figures(what: string, ages: readonly number[], budget: Figure['budget']): Figure[] {
  return [
    { what: `${what}: p50`, value: quantile(ages, 0.5), unit: 'ms', budget: null },
    { what: `${what}: p95`, value: quantile(ages, 0.95), unit: 'ms', budget },
  ]
}
