import type { Figure } from '../row.ts'
import { openConnection } from './connection.ts'
import { median } from './numbers.ts'
import { cpuMs } from './process.ts'
import type { Server } from './sandpit.ts'

export interface Load {
  readonly port: number
  /** The process that answers. */
  readonly pid: number
  readonly request: string
  readonly ms: number
  /** Of each answer; 200 when left out. */
  readonly status?: number
}

export interface Throughput {
  readonly perSecond: number
  /** Processor time of the server for one request. */
  readonly cpuMicroseconds: number
}

const connections = 16
const rounds = 5
const roundMs = 1_000

/** Medians of some rounds of a request, after one to warm up. */
export async function throughput(
  { port, pid }: Pick<Server, 'port' | 'pid'>,
  request: string,
  what: string,
  budget: Figure['budget'],
): Promise<Figure[]> {
  const all: Throughput[] = []
  for (let round = 0; round <= rounds; round++) {
    const measured = await load({ port, pid, request, ms: roundMs })
    if (round > 0) all.push(measured)
  }
  const perSecond = median(all.map((one) => one.perSecond))
  const cpu = median(all.map((one) => one.cpuMicroseconds))
  return [
    { what, value: perSecond, unit: 'requests/s', budget },
    { what: `${what}, processor time a request`, value: cpu, unit: 'µs', budget: null },
  ]
}

/** Sends a request over and over, as fast as it is answered. */
export async function load({
  port,
  pid,
  request,
  ms,
  status: expected = 200,
}: Load): Promise<Throughput> {
  const bytes = Buffer.from(request)
  const cpuBefore = cpuMs(pid)
  const started = performance.now()
  let answered = 0
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const connection = openConnection({
        port,
        onAnswer({ status }) {
          answered++
          if (status !== expected) reject(new Error(`Answered ${status}`))
          else if (performance.now() - started < ms) connection.ask(bytes)
          else {
            connection.close()
            resolve()
          }
        },
        onError: reject,
      })
      connection.ask(bytes)
    })
  await Promise.all(Array.from({ length: connections }, ask))
  const seconds = (performance.now() - started) / 1000
  return {
    perSecond: answered / seconds,
    cpuMicroseconds: ((cpuMs(pid) - cpuBefore) * 1000) / answered,
  }
}
