import { atMost, type Row } from '../row.ts'
import { askOnce } from '../support/connection.ts'
import { heavy, noop } from '../support/models.ts'
import { residentMb, sleep } from '../support/process.ts'
import { createProgram } from '../support/program.ts'
import { type Server, withSandpit } from '../support/sandpit.ts'
import { createVisitor, type Visitor } from '../support/visitor.ts'

/** What some ten people and their programs ask in an hour. */
const total = 20_000
const clients = 16
/** Each of these is by a visitor without a cookie. */
const everyNewVisitor = 50
/** The settings of the image and of the systemd unit. */
const allocator = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '32768',
}
/** V8 returns memory within some 16 s of the last collection. */
const restMs = 20_000

export const mixedLoad: Row = {
  name: '15',
  title: `Memory at rest after ${total} requests of all kinds, each with another key`,
  async measure(checkout) {
    const image = await measureWith(checkout, allocator)
    const plain = await measureWith(checkout, {})
    return [
      {
        what: 'with the settings of the image',
        value: image.rest,
        unit: 'MB',
        budget: atMost(140),
      },
      { what: 'as npm start', value: plain.rest, unit: 'MB', budget: null },
      { what: 'the same, right after the last', value: plain.busy, unit: 'MB', budget: null },
      { what: 'answered', value: plain.perSecond, unit: 'requests/s', budget: null },
    ]
  },
}

function measureWith(checkout: string, environment: Readonly<Record<string, string>>) {
  return withSandpit(
    checkout,
    { ...noop, ...heavy },
    async (server) => {
      const started = performance.now()
      await askAll(server)
      const seconds = (performance.now() - started) / 1000
      const busy = residentMb(server.pid)
      await sleep(restMs)
      return { rest: residentMb(server.pid), busy, perSecond: total / seconds }
    },
    { ...environment, SANDPIT_RATE: 'off' },
  )
}

async function askAll(server: Server): Promise<void> {
  const uploader = await createVisitor(server.port, 'bench/heavy')
  let visitor = await createVisitor(server.port, 'bench/noop')
  const ids: string[] = []
  let next = 0
  async function ask(): Promise<void> {
    while (next < total) {
      const number = next++
      if (number % everyNewVisitor === 0) visitor = await createVisitor(server.port, 'bench/noop')
      const request = requestOf({ number, server, visitor, uploader, ids })
      const { status, head, body } = await askOnce(server.port, request)
      if (status >= 500) throw new Error(`${request.slice(0, 80)} was answered ${status}`)
      const made = /[?&]prediction=([a-z2-7]{26})|"id":"([a-z2-7]{26})"/.exec(
        status === 303 ? head : body.toString('latin1', 0, 200),
      )
      if (made) ids.push(made[1] ?? made[2] ?? '')
    }
  }
  await Promise.all(Array.from({ length: clients }, ask))
}

interface Asked {
  readonly number: number
  readonly server: Server
  readonly visitor: Visitor
  /** Of the model that takes files. */
  readonly uploader: Visitor
  /** Predictions that were made. */
  readonly ids: readonly string[]
}

function requestOf({ number, server, visitor, uploader, ids }: Asked): string {
  const word = `word${number.toString(36)}`
  const program = createProgram(server.port)
  const id = ids[(number * 7_919) % Math.max(1, ids.length)] ?? 'none'
  const text = `${word} and some more words `.repeat(20)
  const kinds = [
    () => visitor.get(`/bench/noop?input.text=${word}`),
    () => visitor.getCompressed(`/bench/noop?prediction=${id}`),
    () => visitor.run({ text }),
    () => visitor.run({ text: word }),
    () => uploader.run({ make: 'nothing', file: { bytes: 30_000 } }),
    () => visitor.get(`/p/${id}`),
    () => visitor.getCompressed(`/p/${id}`),
    () => visitor.get(`/p/${id}/panel`),
    () => visitor.get(`/predictions?q=${word}`),
    () => visitor.get('/predictions?model=bench/noop'),
    () => visitor.get(`/?q=${word}`),
    () => visitor.get(`/nothing-${word}/here`),
    () => program.get(`/v1/predictions/${id}`),
    () => program.post('/v1/predictions', { version: 'bench/noop', input: { text } }, 'wait'),
    () => program.post('/v1/predictions', { version: 'bench/noop', input: { text: word } }),
  ]
  return kinds[number % kinds.length]?.() ?? ''
}
