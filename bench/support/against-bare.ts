import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atLeast, type Figure } from '../row.ts'
import type { Canned } from './bare-server.ts'
import { type Answer, askOnce } from './connection.ts'
import { load, type Throughput } from './load.ts'
import { median } from './numbers.ts'
import type { Server } from './sandpit.ts'

const rounds = 5
const roundMs = 1_000

/** Headers that `node:http` adds itself. */
const own = new Set(['date', 'connection', 'keep-alive'])

/**
 * Loads Sandpit and a bare server with the same response by turns. The ratio is of processor time
 * for one request: that of requests per second grows when other processes crowd the machine.
 */
export async function againstBare(
  server: Pick<Server, 'port' | 'pid'>,
  request: string,
  budget: number,
): Promise<Figure[]> {
  const answer = await askOnce(server.port, request)
  const bare = fork(fileURLToPath(new URL('./bare-server.ts', import.meta.url)))
  try {
    bare.send(cannedFrom(answer))
    const [port] = (await once(bare, 'message')) as [number]
    const [ours, theirs] = await byTurns(request, server, { port, pid: pidOf(bare) })
    const perSecond = (all: readonly Throughput[]) => median(all.map((one) => one.perSecond))
    const cpu = (all: readonly Throughput[]) => median(all.map((one) => one.cpuMicroseconds))
    return [
      {
        what: 'of the bare server, by processor time',
        value: median(
          ours.map((one, at) => (theirs[at]?.cpuMicroseconds ?? 0) / one.cpuMicroseconds),
        ),
        unit: '×',
        budget: atLeast(budget),
      },
      { what: 'processor time a request, Sandpit', value: cpu(ours), unit: 'µs', budget: null },
      { what: 'processor time a request, bare', value: cpu(theirs), unit: 'µs', budget: null },
      { what: 'Sandpit', value: perSecond(ours), unit: 'requests/s', budget: null },
      { what: 'bare node:http', value: perSecond(theirs), unit: 'requests/s', budget: null },
      { what: 'size of the answer', value: answer.body.length / 1024, unit: 'KB', budget: null },
    ]
  } finally {
    bare.kill()
  }
}

type Target = Pick<Server, 'port' | 'pid'>

async function byTurns(request: string, ours: Target, theirs: Target) {
  const results: [Throughput[], Throughput[]] = [[], []]
  for (let round = 0; round <= rounds; round++)
    for (const [index, target] of [ours, theirs].entries()) {
      const measured = await load({ ...target, request, ms: roundMs })
      // The first round is warm-up.
      if (round > 0) results[index]?.push(measured)
    }
  return results
}

function cannedFrom({ head, body }: Answer): Canned {
  const lines = head.split('\r\n').slice(1)
  const headers = lines
    .map((line) => line.split(/: (.*)/s))
    .filter(([name = '']) => !own.has(name.toLowerCase()))
  return {
    headers: Object.fromEntries(headers) as Canned['headers'],
    body: body.toString('base64'),
  }
}

function pidOf({ pid = 0 }: ChildProcess): number {
  return pid
}
