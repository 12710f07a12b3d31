import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { atLeast, atMost, type Figure, type Row } from '../row.ts'
import { openConnection } from '../support/connection.ts'
import { noop } from '../support/models.ts'
import { quantile } from '../support/numbers.ts'
import { cpuMs, until } from '../support/process.ts'
import { createProgram } from '../support/program.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'

const clients = 16
const warmUpMs = 3_000
const measuredMs = 10_000
const timeLimitMs = 60_000

export const apiPredictions: Row = {
  number: 11,
  title: 'POST /v1/predictions and completion, a no-op model, 16 clients that wait, for 10 s',
  measure: (checkout) =>
    withSandpit(
      checkout,
      noop,
      async (server) => {
        await createProgram(server.port).finish('bench/noop', { text: 'warm' })
        await make(server, warmUpMs)
        const made = await make(server, measuredMs)
        return [
          perSecond('made and done, all of them durable', made.done / made.seconds, atLeast(1_400)),
          milliseconds('asked → output, p50', quantile(made.times, 0.5), null),
          milliseconds('asked → output, p95', quantile(made.times, 0.95), atMost(30)),
          {
            what: 'processor time each, the server',
            value: (made.cpuMs * 1000) / made.done,
            unit: 'µs',
            budget: null,
          },
        ]
      },
      { SANDPIT_RATE: 'off' },
    ),
}

function perSecond(what: string, value: number, budget: Figure['budget']): Figure {
  return { what, value, unit: 'requests/s', budget }
}

function milliseconds(what: string, value: number, budget: Figure['budget']): Figure {
  return { what, value, unit: 'ms', budget }
}

/** Lets each client create one prediction after another, and waits until the last is on disk. */
async function make(server: Server, ms: number) {
  const request = Buffer.from(
    createProgram(server.port).post('/v1/predictions', noopRequest, 'wait'),
  )
  const succeeded = countIn(join(server.data, 'sandpit.sqlite'))
  const before = succeeded()
  const cpuBefore = cpuMs(server.pid)
  const started = performance.now()
  const times: number[] = []
  const client = () =>
    new Promise<void>((resolve, reject) => {
      let asked = performance.now()
      const connection = openConnection({
        port: server.port,
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
  await Promise.all(Array.from({ length: clients }, client))
  await until(() => succeeded() >= before + times.length, timeLimitMs)
  const seconds = (performance.now() - started) / 1000
  return { times, seconds, done: times.length, cpuMs: cpuMs(server.pid) - cpuBefore }
}

const noopRequest = { version: 'bench/noop', input: { text: 'measured' } }

/** Counts the succeeded predictions in the database, over a connection of its own. */
function countIn(path: string): () => number {
  const database = new DatabaseSync(path, { readOnly: true })
  const counted = database.prepare(
    "select count(*) as n from predictions where status = 'succeeded'",
  )
  return () => Number(counted.get()?.n)
}
