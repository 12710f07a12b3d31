/**
 * Loads the requests of rows 1, 2, 11, 12 and 13 in turns of half a second, which other processes disturb
 * alike: `node bench/in-turns.ts [--against COMMIT] [--rounds 5] [--starts 4]
 * [panel page gzip record get post]`, of the built checkout. Servers are started anew several times, as each
 * compiles its code in its own way. Compares it without sign-in to the commit, and for a person who signed in to itself
 * without: how many times as many requests it answers.
 * @module
 */
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { root } from '../src/root.ts'
import { writeModels } from '../test/support/models.ts'
import { type Server, startServer } from '../test/support/server.ts'
import { checkOut } from './support/checkout.ts'
import { load, type Throughput } from './support/load.ts'
import { noop, twentyFields } from './support/models.ts'
import { median, quantile } from './support/numbers.ts'
import { asPerson, folderOfPerson, personEnvironment } from './support/person.ts'
import { createProgram } from './support/program.ts'
import { createVisitor } from './support/visitor.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    starts: { type: 'string', default: '4' },
  },
})
const rounds = Number(options.rounds)
const turnMs = 500
const other = options.against === undefined ? null : checkOut(options.against)

/** A server, and the request that loads it. */
interface Side {
  readonly name: string
  readonly server: Server
  readonly requests: Readonly<Record<string, string>>
}

const models = writeModels({ ...noop, ...twentyFields })
const results = new Map<string, Throughput[][]>()
const sideNames = ['none', ...(other === null ? [] : ['before']), 'signed in']
try {
  for (let start = 0; start < Number(options.starts); start++) await measureOnce()
  for (const [name, measured] of results) print(name, measured)
} finally {
  rmSync(models, { recursive: true, force: true })
}
process.exit()

/** Starts all servers, and measures each request. */
async function measureOnce(): Promise<void> {
  const sides = [
    await startSide('none', root),
    ...(other === null ? [] : [await startSide('before', other)]),
    await asPerson(() => startSide('signed in', root)),
  ]
  try {
    for (const name of Object.keys(sides[0]?.requests ?? {}))
      if (positionals.length === 0 || positionals.includes(name)) await measure(name, sides)
  } finally {
    for (const { server } of sides) {
      await server.stop()
      rmSync(server.data, { recursive: true, force: true })
    }
  }
}

async function startSide(name: string, checkout: string): Promise<Side> {
  const isPerson = name === 'signed in'
  const server = await startServer({
    checkout,
    ...(isPerson ? { data: await folderOfPerson() } : {}),
    environment: {
      SANDPIT_MODELS: models,
      SANDPIT_RATE: 'off',
      ...(isPerson ? personEnvironment : {}),
    },
  })
  return { name, server, requests: await requestsOf(server.port) }
}

async function requestsOf(port: number): Promise<Record<string, string>> {
  const visitor = await createVisitor(port, 'bench/noop')
  const path = await visitor.finish({ text: 'settled' })
  const program = createProgram(port)
  const id = await program.finish('bench/noop', { text: 'settled' })
  const asked = { version: 'bench/noop', input: { text: 'measured' } }
  return {
    panel: visitor.get(`${path}/panel`),
    page: visitor.get('/bench/fields'),
    gzip: visitor.getCompressed('/bench/fields'),
    get: program.get(`/v1/predictions/${id}`),
    record: visitor.getCompressed(path),
    post: program.post('/v1/predictions', asked, 'wait'),
  }
}

async function measure(name: string, sides: readonly Side[]): Promise<void> {
  const measured = results.get(name) ?? sides.map(() => [])
  results.set(name, measured)
  for (let round = -2; round < rounds; round++)
    for (const index of turned(sides.length, round)) {
      const side = sides[index]
      const request = side?.requests[name]
      if (!side || request === undefined) continue
      const { port, pid } = side.server
      const one = await load({
        port,
        pid,
        request,
        ms: turnMs,
        status: name === 'post' ? 201 : 200,
      })
      // The first rounds are warm-up.
      if (round >= 0) measured[index]?.push(one)
    }
}

function print(name: string, measured: readonly Throughput[][]): void {
  for (const [index, all] of measured.entries()) {
    const cpu = median(all.map((one) => one.cpuMicroseconds))
    const perSecond = median(all.map((one) => one.perSecond))
    const what = `${name.padEnd(7)} ${(sideNames[index] ?? '').padEnd(10)}`
    say(`${what} ${cpu.toFixed(1).padStart(7)} µs ${perSecond.toFixed(0).padStart(7)} requests/s`)
  }
  const [none = [], ...others] = measured
  for (const [at, all] of others.entries()) {
    const isPerson = sideNames[at + 1] === 'signed in'
    const [one, other] = isPerson ? [all, none] : [none, all]
    const what = isPerson ? 'signed in, of none' : 'none, of before'
    const byCpu = ratio(other, one, ({ cpuMicroseconds }) => cpuMicroseconds)
    const bySecond = ratio(one, other, ({ perSecond }) => perSecond)
    const quiet = (cpuOfBest(other) / cpuOfBest(one)).toFixed(2)
    say(
      `${name.padEnd(7)} ${what}: ${byCpu} by processor time, ${quiet} in the best quarter of the rounds, ${bySecond} by requests/s`,
    )
  }
}

/** The processor time of a request that a quarter of the rounds do not exceed: others disturb those least. */
function cpuOfBest(all: readonly Throughput[]): number {
  return quantile(
    all.map((one) => one.cpuMicroseconds),
    0.25,
  )
}

/** The median of the ratios of all rounds. */
function ratio(above: Throughput[], below: Throughput[], of: (one: Throughput) => number): string {
  const all = above.flatMap((one, at) => (below[at] ? of(one) / of(below[at]) : []))
  return median(all).toFixed(2)
}

/** The sides in another order each round. */
function turned(count: number, round: number): number[] {
  return Array.from({ length: count }, (_, at) => (at + round + count) % count)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
