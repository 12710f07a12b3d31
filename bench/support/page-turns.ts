import { atMost, type Figure } from '../row.ts'
import { askOnce } from './connection.ts'
import type { ListServer } from './list-pages.ts'
import { median } from './numbers.ts'

/** The path of a page among so many predictions, the next one for each request. */
export type PathOf = (count: number, at: number) => string

export interface PageSide {
  readonly server: ListServer
  /** How many predictions it has. */
  readonly count: number
}

const rounds = 10
const requests = 6

interface Side extends PageSide {
  readonly times: number[]
  /** Processor time of each round. */
  readonly cpu: number[]
}

/** Asks two servers for the same page in turns: how many times as long the second takes. */
export async function comparePages(
  what: string,
  path: PathOf,
  [few, many]: readonly [PageSide, PageSide],
): Promise<readonly Figure[]> {
  const sides: readonly Side[] = [few, many].map((side) => ({ ...side, times: [], cpu: [] }))
  for (let round = 0; round < rounds; round++)
    for (const side of sides) await ask(side, path, round * requests)
  const [ofFew, ofMany] = sides.map(({ times, cpu }) => ({ ms: median(times), cpu: mean(cpu) }))
  if (!ofFew || !ofMany) return []
  const budget = ofMany.ms < 1 ? null : atMost(1.5)
  return [
    { what: `${what}: elapsed`, value: ofMany.ms / ofFew.ms, unit: '×', budget },
    { what: '   each, of the second', value: ofMany.ms, unit: 'ms', budget: null },
    { what: '   processor time', value: ofMany.cpu / ofFew.cpu, unit: '×', budget: null },
    { what: '   each, of the second', value: ofMany.cpu, unit: 'ms', budget: null },
  ]
}

/** Asks for a page some times, one after the other. The first round is not counted. */
async function ask(
  { server, count, times, cpu }: Side,
  path: PathOf,
  first: number,
): Promise<void> {
  const before = server.cpuMs()
  for (let at = first; at < first + requests; at++) {
    const begun = performance.now()
    const { status } = await askOnce(server.port, server.get(path(count, at)))
    if (first > 0) times.push(performance.now() - begun)
    if (status !== 200) throw new Error(`${path(count, at)} was answered ${status}`)
  }
  if (first > 0) cpu.push((server.cpuMs() - before) / requests)
}

function mean(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length
}
