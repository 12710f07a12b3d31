import { openConnection } from './connection.ts'
import { cpuMs } from './process.ts'

export interface Load {
  readonly port: number
  /** The process that answers. */
  readonly pid: number
  readonly request: string
  readonly ms: number
}

export interface Throughput {
  readonly perSecond: number
  /** Processor time of the server for one request. */
  readonly cpuMicroseconds: number
}

const connections = 16

/** Sends a request over and over, as fast as it is answered. */
export async function load({ port, pid, request, ms }: Load): Promise<Throughput> {
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
          if (status !== 200) reject(new Error(`Answered ${status}`))
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
