import { openConnection } from './connection.ts'
import { cpuMs, until } from './process.ts'
import { createProgram } from './program.ts'

const timeLimitMs = 60_000
const noopRequest = { version: 'bench/noop', input: { text: 'measured' } }

export interface RunsOptions {
  /** The servers, which the clients share out evenly. */
  readonly servers: readonly { readonly port: number; readonly pid: number }[]
  /** How many predictions the database has that succeeded. */
  readonly succeeded: () => number | Promise<number>
  readonly ms: number
  /** 16 when left out. */
  readonly clients?: number
}

export type Runs = Awaited<ReturnType<typeof makeRuns>>

/** Lets clients create one prediction after another, and waits until the last is on disk. */
export async function makeRuns({ servers, succeeded, ms, clients = 16 }: RunsOptions) {
  const before = await succeeded()
  const cpuBefore = cpuOf(servers)
  const started = performance.now()
  const times: number[] = []
  const client = (port: number) =>
    new Promise<void>((resolve, reject) => {
      const request = Buffer.from(createProgram(port).post('/v1/predictions', noopRequest, 'wait'))
      let asked = performance.now()
      const connection = openConnection({
        port,
        onAnswer({ status, body }) {
          if (status !== 201) return reject(new Error(`Answered ${status}: ${body}`))
          const now = performance.now()
          times.push(now - asked)
          asked = now
          if (now - started < ms) connection.ask(request)
          else {
            connection.close()
            resolve()
          }
        },
        onError: reject,
      })
      connection.ask(request)
    })
  const ports = Array.from({ length: clients }, (_, at) => servers[at % servers.length]?.port ?? 0)
  await Promise.all(ports.map(client))
  await until(async () => (await succeeded()) >= before + times.length, timeLimitMs)
  const seconds = (performance.now() - started) / 1000
  return {
    times,
    perSecond: times.length / seconds,
    /** Processor time of the servers for one, in microseconds. */
    cpuEach: ((cpuOf(servers) - cpuBefore) * 1000) / times.length,
  }
}

function cpuOf(servers: RunsOptions['servers']): number {
  return servers.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
}
