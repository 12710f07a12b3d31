import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atLeast, type Figure, type Row } from '../row.ts'
import { withDatabase } from '../support/replicas.ts'
import type { Written } from '../support/store-writer.ts'

const program = fileURLToPath(new URL('../support/store-writer.ts', import.meta.url))

export const storeWrites: Row = {
  name: 'writes',
  title: 'Accept and settle a prediction in the store alone, durable, 64 clients in each process',
  async measure(checkout) {
    const folder = mkdtempSync(join(tmpdir(), 'sandpit-writes-'))
    try {
      const file = join(folder, 'sandpit.sqlite')
      const sqlite = await write(checkout, file, 1)
      const one = await withDatabase(checkout, (url) => write(checkout, url, 1))
      const three = await withDatabase(checkout, (url) => write(checkout, url, 3))
      return [
        ...figures('SQLite', sqlite, null, null),
        ...figures('PostgreSQL, 1 process', one, atLeast(2_500), sqlite),
        ...figures('PostgreSQL, 3 processes', three, atLeast(3_500), sqlite),
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function write(
  checkout: string,
  database: string,
  processes: number,
): Promise<readonly Written[]> {
  const writers = Array.from({ length: processes }, () => fork(program, [checkout, database]))
  try {
    await Promise.all(writers.map((writer) => heard(writer)))
    for (const writer of writers) writer.send('start')
    const all = await Promise.all(writers.map((writer) => heard(writer)))
    await Promise.all(writers.map((writer) => once(writer, 'exit')))
    return all
  } finally {
    for (const writer of writers) writer.kill()
  }
}

/** The next message of a process; rejects when it ends before. */
function heard(writer: ChildProcess): Promise<Written> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A process ended early: ${code}`))
    writer.once('exit', onExit)
    writer.once('message', (message) => {
      writer.off('exit', onExit)
      resolve(message as Written)
    })
  })
}

function figures(
  where: string,
  all: readonly Written[],
  budget: Figure['budget'],
  sqlite: readonly Written[] | null,
): Figure[] {
  const perSecond = total(all, (one) => one.perSecond)
  const each = (total(all, (one) => one.cpuMs) * 1_000) / total(all, (one) => one.count)
  const ratio = perSecond / total(sqlite ?? all, (one) => one.perSecond)
  return [
    { what: where, value: perSecond, unit: 'requests/s', budget },
    ...(sqlite ? [figure(`${where}, of SQLite`, ratio, '×')] : []),
    figure(`${where}: processor time of Node each`, each, 'µs'),
  ]
}

function figure(what: string, value: number, unit: Figure['unit']): Figure {
  return { what, value, unit, budget: null }
}

function total(all: readonly Written[], of: (one: Written) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0)
}
