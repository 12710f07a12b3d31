/**
 * A process that watches predictions like many browsers: each viewer keeps a connection with a held
 * request, and then requests what the panel in the response does.
 * @module
 */
import { type Answer, type Connection, openConnection } from './connection.ts'

export interface Watch {
  readonly port: number
  /** The header lines that every request shares. */
  readonly headers: string
  /** The predictions, which the viewers share out evenly. */
  readonly paths: readonly string[]
  readonly viewers: number
  readonly perAddress: number
}

/** Measurements since the last call. */
export interface Seen {
  /** Milliseconds from each change to its arrival at a viewer. */
  readonly latencies: readonly number[]
  /** Panels without news. */
  readonly stale: number
  /** Viewers with an open request. */
  readonly holding: number
  /** Connections that were lost and opened again, in all. */
  readonly reopened: number
  /** The largest delay of this process itself, in milliseconds. */
  readonly ownDelay: number
}

const firstAddress = 2
const arrivingAtOnce = 100
const mostReopened = 1_000
const tickMs = 5

let latencies: number[] = []
let stale = 0
let holding = 0
let ownDelay = 0
let reopened = 0

process.on('disconnect', () => process.exit())
process.on('message', (message: Watch | 'report') => {
  if (message === 'report') report()
  else void watch(message)
})
watchOwnDelay()

/** Opens as many connections at a time as the server’s backlog holds. */
async function watch(wanted: Watch): Promise<void> {
  for (let first = 0; first < wanted.viewers; first += arrivingAtOnce) {
    const count = Math.min(arrivingAtOnce, wanted.viewers - first)
    const coming = Array.from({ length: count }, (_, index) => follow(wanted, first + index))
    await Promise.all(coming)
  }
}

/** One viewer, who follows panels from the current one on. Resolves with the first. */
function follow({ port, headers, paths, perAddress }: Watch, viewer: number): Promise<void> {
  const from = `127.0.0.${firstAddress + Math.floor(viewer / perAddress)}`
  return new Promise((resolve) => {
    let target = `${paths[viewer % paths.length]}/panel`
    let last = ''
    let connection = open()
    ask()

    function open(): Connection {
      return openConnection({ port, from, onAnswer: take, onError: openAgain })
    }

    function ask(): void {
      connection.ask(`GET ${target} HTTP/1.1\r\n${headers}\r\n\r\n`)
      holding++
    }

    function take(answer: Answer): void {
      const now = Date.now()
      holding--
      const { stamp, next } = readPanel(answer)
      if (stamp === last) stale++
      else if (last !== '') latencies.push(now - Number(stamp))
      last = stamp
      target = next
      ask()
      resolve()
    }

    // Browsers do this when a kept-alive connection is closed.
    function openAgain(): void {
      connection.close()
      holding--
      reopened++
      if (reopened > mostReopened) fail(new Error('The server closes what it should keep'))
      connection = open()
      ask()
    }
  })
}

/** The timestamp at the end of its text, and the URL of its successor. */
function readPanel({ status, body }: Answer): { stamp: string; next: string } {
  const html = body.toString('latin1')
  const at = html.lastIndexOf('@')
  const [, next] = /hx-get="([^"]+)"/.exec(html) ?? []
  if (status !== 200 || !next) fail(new Error(`A panel was answered ${status}: ${html}`))
  return { stamp: html.slice(at + 1, at + 14), next: (next ?? '').replaceAll('&amp;', '&') }
}

function report(): void {
  process.send?.({ latencies, stale, holding, ownDelay, reopened } satisfies Seen)
  latencies = []
  stale = 0
  ownDelay = 0
}

/** Late timers are a fault of this process, and make its measurements unreliable. */
function watchOwnDelay(): void {
  let due = performance.now() + tickMs
  setInterval(() => {
    ownDelay = Math.max(ownDelay, performance.now() - due)
    due = performance.now() + tickMs
  }, tickMs)
}

function fail(error: Error): void {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
