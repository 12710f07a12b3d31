import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { atMost, type Figure, type Row } from '../row.ts'
import { openConnection } from '../support/connection.ts'
import { noop } from '../support/models.ts'
import { residentMb, sleep, until } from '../support/process.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'
import { createVisitor, madeAt, type Visitor } from '../support/visitor.ts'

const connections = 100
const timeLimitMs = 120_000
/** The server collects garbage within 4 s of its last run; V8 releases memory some 8 s later. */
const restMs = 15_000

export const thousandAtOnce: Row = {
  name: '7',
  title: '1,000 no-op predictions submitted at once through the form, until all are durable',
  measure: (checkout) =>
    withSandpit(checkout, noop, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/noop')
      await visitor.finish({ text: 'warm' })
      const quarter = await submit(server, visitor, 250)
      const all = await submit(server, visitor, 1_000)
      const peak = residentMb(server.pid)
      const memory = [await restedMb(server)]
      const again = await submit(server, visitor, 1_000)
      memory.push(await restedMb(server))
      await submit(server, visitor, 1_000)
      memory.push(await restedMb(server))
      return [
        seconds('1,000, until all are settled and saved', all.settled, atMost(1.6)),
        seconds('1,000 once more', again.settled, atMost(1.6)),
        seconds('of these, until all were answered', again.answered, null),
        { what: '1,000 against four times 250', ...linearity(quarter, all), budget: atMost(1.25) },
        {
          what: 'memory right after the first 1,000',
          value: peak,
          unit: 'MB',
          budget: null,
        },
        ...memory.map(
          (value, index): Figure => ({
            what: `memory at rest after ${index + 1},000, children aside`,
            value,
            unit: 'MB',
            budget: atMost(130),
          }),
        ),
      ]
    }),
}

function seconds(what: string, ms: number, budget: Figure['budget']): Figure {
  return { what, value: ms / 1000, unit: 's', budget }
}

function linearity(quarter: Submission, all: Submission) {
  return { value: all.settled / (4 * quarter.settled), unit: '×' } as const
}

async function restedMb(server: Server): Promise<number> {
  await sleep(restMs)
  return residentMb(server.pid)
}

interface Submission {
  /** Milliseconds until the last was answered. */
  readonly answered: number
  /** Milliseconds until the last was settled in the database. */
  readonly settled: number
}

async function submit(server: Server, visitor: Visitor, count: number): Promise<Submission> {
  const requests = Array.from({ length: count }, (_, index) => visitor.run({ text: `t${index}` }))
  const database = new DatabaseSync(join(server.data, 'sandpit.sqlite'), { readOnly: true })
  const counted = database.prepare(
    "select count(*) as n from predictions where status = 'succeeded'",
  )
  const settledNow = () => Number(counted.get()?.n)
  const before = settledNow()
  const started = performance.now()
  let answered = 0
  const answering = askAll(server.port, requests).then(() => {
    answered = performance.now() - started
  })
  await until(() => settledNow() >= before + count, timeLimitMs)
  const settled = performance.now() - started
  await answering
  database.close()
  return { answered, settled }
}

/** Sends all requests over so many connections, each with one request at a time. */
async function askAll(port: number, requests: string[]): Promise<void> {
  const left = [...requests].reverse()
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const next = () => {
        const request = left.pop()
        if (request !== undefined) return connection.ask(request)
        connection.close()
        resolve()
      }
      const connection = openConnection({
        port,
        onAnswer(answer) {
          madeAt(answer)
          next()
        },
        onError: reject,
      })
      next()
    })
  await Promise.all(Array.from({ length: connections }, ask))
}
