import { atMost, type Figure, type Row } from '../row.ts'
import { withChatServer } from '../support/chat-server.ts'
import { cpuMs, residentMb, sleep } from '../support/process.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'
import { gatherViewers, untilSpeaking } from '../support/watching.ts'

const streams = 50
/** Of one stream. A server that shares a card among so many is slower. */
const everyMs = 20
const settleMs = 4_000
const measureMs = 15_000
/** They go on until both are measured. */
const tokens = 90_000 / everyMs

export const streamsAtOnce: Row = {
  name: '17',
  title: `${streams} chat models’ answers at once, of a token every ${everyMs} ms each`,
  measure: (checkout) =>
    withChatServer({ tokens, everyMs }, (environment) =>
      withSandpit(checkout, {}, measureAll, environment),
    ),
}

async function measureAll(server: Server): Promise<readonly Figure[]> {
  const visitor = await createVisitor(server.port, 'bench/chat')
  const starting = Array.from({ length: streams }, () => visitor.start({ prompt: 'Go on' }))
  const paths = await Promise.all(starting)
  for (const path of paths) await untilSpeaking(server, visitor, path)
  const alone = await coresOf(server)
  const watched = await measureWatched(server, visitor, paths)
  return [
    { what: 'that nobody watches', value: alone, unit: 'cores', budget: atMost(0.5) },
    { what: 'with a viewer each', value: watched, unit: 'cores', budget: null },
    { what: 'memory', value: residentMb(server.pid), unit: 'MB', budget: null },
  ]
}

async function measureWatched({ port, pid }: Server, { headers }: Visitor, paths: string[]) {
  const viewers = paths.length
  const watching = await gatherViewers({ port, headers, paths, viewers, perAddress: viewers })
  try {
    await sleep(settleMs)
    return await coresOf({ pid })
  } finally {
    watching.stop()
  }
}

/** How many cores it is busy with, on average. */
async function coresOf({ pid }: Pick<Server, 'pid'>): Promise<number> {
  const before = cpuMs(pid)
  const started = performance.now()
  await sleep(measureMs)
  return (cpuMs(pid) - before) / (performance.now() - started)
}
