import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeModels } from '../../test/support/models.ts'
import { startServer } from '../../test/support/server.ts'
import { atMost, type Figure, type Row } from '../row.ts'
import { askOnce } from '../support/connection.ts'
import { manyModels, noop } from '../support/models.ts'
import { median } from '../support/numbers.ts'
import { cpuMs, sleep } from '../support/process.ts'

const starts = 5
const timeLimitMs = 120_000

export const startToAnswer: Row = {
  name: '9',
  title: `From the start of the process to its first answers, warm disk, of ${starts} starts`,
  async measure(checkout) {
    const warm = await withModels(noop, (models, data) => startOften(checkout, models, data))
    const embedded = await startFresh(checkout, null)
    const many = await withModels(manyModels(300), (models) => startFresh(checkout, models))
    return [
      milliseconds('first 200 on /healthz', warm.healthy, atMost(250)),
      milliseconds('first 200 on /, its models found', warm.home, atMost(500)),
      milliseconds('processor time until then', warm.cpu, null),
      milliseconds('/ of a new data folder, 11 models', embedded.home, atMost(500)),
      milliseconds('until the 11 are described', embedded.read, null),
      milliseconds('/ of a new data folder, 300 models more', many.home, atMost(2_000)),
      milliseconds('until the 311 are described', many.read, atMost(15_000)),
    ]
  },
}

function milliseconds(what: string, value: number, budget: Figure['budget']): Figure {
  return { what, value, unit: 'ms', budget }
}

async function withModels<T>(
  sources: Readonly<Record<string, string>>,
  use: (models: string, data: string) => Promise<T>,
): Promise<T> {
  const models = writeModels(sources)
  const data = mkdtempSync(join(tmpdir(), 'sandpit-bench-'))
  try {
    return await use(models, data)
  } finally {
    for (const folder of [models, data]) rmSync(folder, { recursive: true, force: true })
  }
}

interface Start {
  /** Milliseconds from the start of the process to each. */
  readonly healthy: number
  readonly home: number
  readonly read: number
  /** Processor time of the server until the home page was answered, in milliseconds. */
  readonly cpu: number
}

/** The first start, which fills the data folder, does not count. */
async function startOften(checkout: string, models: string, data: string): Promise<Start> {
  const all: Start[] = []
  for (let start = 0; start <= starts; start++)
    all.push(await startOnce(checkout, { data, environment: { SANDPIT_MODELS: models } }))
  const of = (name: keyof Start) => median(all.slice(1).map((start) => start[name]))
  return { healthy: of('healthy'), home: of('home'), read: of('read'), cpu: of('cpu') }
}

/** With a data folder that has seen no model; null for the embedded models alone. */
async function startFresh(checkout: string, models: string | null): Promise<Start> {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-bench-'))
  const environment = models === null ? {} : { SANDPIT_MODELS: models }
  try {
    return await startOnce(checkout, { data, environment })
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

interface StartOptions {
  readonly data: string
  readonly environment: Readonly<Record<string, string>>
}

async function startOnce(checkout: string, options: StartOptions): Promise<Start> {
  const started = performance.now()
  const since = () => performance.now() - started
  const server = await startServer({ checkout, readsFirst: false, ...options })
  try {
    const reading = server.read.then(since)
    await firstAnswer(server.port, '/healthz')
    const healthy = since()
    await firstAnswer(server.port, '/')
    const home = since()
    const cpu = cpuMs(server.pid)
    return { healthy, home, read: await reading, cpu }
  } finally {
    await server.stop()
  }
}

async function firstAnswer(port: number, path: string): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
  const deadline = performance.now() + timeLimitMs
  while (performance.now() < deadline) {
    const answer = await askOnce(port, request).catch(() => null)
    if (answer?.status === 200) return
    await sleep(2)
  }
  throw new Error(`No answer to ${path}`)
}
