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
import { createVisitor } from '../support/visitor.ts'
import { agesInDom } from '../support/watched-changes.ts'

const program = fileURLToPath(new URL('../support/changing-replica.ts', import.meta.url))
const ms = { warmUp: 2_000, measured: 6_000 }
const domChanges = { warmUp: 5, measured: 50 }
/** How many changes there are in a second, how many of the predictions are watched, and the budget. */
const loads = [
  { perSecond: 100, watched: 2, budget: null },
  { perSecond: 100, watched: 20, budget: atMost(40) },
  { perSecond: 1_000, watched: 2, budget: null },
  { perSecond: 1_000, watched: 20, budget: null },
] as const

export const replicaChanges: Row = {
  name: 'changes',
  title: 'From a change at one replica to a browser and to held requests at another',
  measure: async (checkout) => [...(await inBrowser(checkout)), ...(await held(checkout))],
}

/** Row 6 with a browser that watches at another replica than the one that runs it. */
function inBrowser(checkout: string): Promise<Figure[]> {
  return withReplicas({ checkout, sources: clock, count: 2 }, ({ replicas: [runs, watches] }) =>
    withPage(async (page) => {
      const visitor = await createVisitor(runs?.port ?? 0, 'bench/clock')
      const times = String(domChanges.warmUp + domChanges.measured)
      const path = await visitor.start({ times, everyMs: '200', spreadMs: '200' })
      const all = await agesInDom(page, `${watches?.url}${path}`, domChanges.measured)
      return figures('DOM of a browser', all, atMost(40))
    }),
  )
}

function held(checkout: string): Promise<Figure[]> {
  return withReplicas({ checkout, sources: noop, count: 1 }, async ({ replicas }, database) => {
    const port = replicas[0]?.port ?? 0
    const { headers } = await createVisitor(port, 'bench/noop')
    const all: Figure[] = []
    for (const { perSecond, watched, budget } of loads) {
      const child = fork(program, [database, String(perSecond)])
      const [ids] = await once(child, 'message')
      const begin = now() + ms.warmUp
      const following = { port, headers, begin, end: begin + ms.measured }
      const paths = ids.slice(0, watched).map((id: string) => `/p/${id}/panel`)
      const ages = await Promise.all(paths.map((path: string) => follow(path, following)))
      child.kill()
      await once(child, 'exit')
      all.push(...figures(`${perSecond}/s, ${watched} held`, ages.flat(), budget))
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
