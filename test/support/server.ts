import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../src/root.ts'
import { within } from '../../src/sleep.ts'
import { temporaryFolder } from './run-folder.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

export interface ServerOptions {
  /** The data folder; a new one when left out. */
  readonly data?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The path it is served under, such as `/sandpit-test`. */
  readonly base?: string
  /** The folder of the Sandpit that is started: this one when left out. */
  readonly checkout?: string
  /** Whether to wait until it has read its models: true when left out. */
  readonly readsFirst?: boolean
}

/** A server that is told to stop ends within 25 s of its own; a busy machine needs longer. */
const mostStoppingMs = 60_000

/** Of the log, for a test that fails. */
const mostLines = 10

/** A test that cannot end its servers leaves none behind. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** The built server, as an operator starts it, on a port of its own. */
export async function startServer(options: ServerOptions = {}) {
  const { data, environment = {}, base = '', readsFirst = true, checkout = root } = options
  const given = base === '' ? {} : await underPath(base)
  const folder = data ?? temporaryFolder('sandpit-server-')
  const child = spawn(process.execPath, startArguments(checkout), {
    cwd: checkout,
    env: {
      PATH: process.env.PATH,
      TMPDIR: tmpdir(),
      PORT: '0',
      SANDPIT_DATA: folder,
      ...given,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { pid = 0 } = child
  running.add(child)
  child.once('exit', () => running.delete(child))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const { port, read, said } = await listening(child)
  if (readsFirst) await read
  const url = `http://127.0.0.1:${port}${base}`
  return {
    url,
    port,
    data: folder,
    pid,
    ended,
    /** Settles when it has read its models. */
    read,
    /** Ends it with a signal and waits until it is gone. Rejects with what it said when it is not. */
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      const end = await within(mostStoppingMs, ended)
      if (!end) throw new Error(`The server does not end after ${signal}: ${said()}`)
      return end
    },
  }
}

/** What `npm start` gives to Node in a checkout. */
export function startArguments(checkout: string = root): string[] {
  const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  return (scripts.start as string).split(' ').slice(1)
}

interface Listening {
  readonly port: number
  /** Settles when it has read its models. */
  readonly read: Promise<void>
  /** Its last lines. */
  said(): string
}

/** Resolves at the line that says the server is ready; it and `read` reject with what it said instead. */
function listening(child: ChildProcess): Promise<Listening> {
  const ready = Promise.withResolvers<Listening>()
  const read = Promise.withResolvers<void>()
  // Not everybody waits for it.
  read.promise.catch(() => {})
  let said = ''
  let lines: readonly string[] = []
  child.stderr?.on('data', (text) => {
    said += text
  })
  child.once('exit', (code) => {
    const error = new Error(`The server ended (${code}): ${said}`)
    ready.reject(error)
    read.reject(error)
  })
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    lines = [...lines, line].slice(-mostLines)
    const port = portIn(line)
    if (port) ready.resolve({ port, read: read.promise, said: () => [said, ...lines].join('\n') })
    if (line.includes('Every model is read')) read.resolve()
  })
  return ready.promise
}

function portIn(line: string): number | null {
  try {
    return (JSON.parse(line) as { port?: number }).port ?? null
  } catch {
    return null
  }
}

/** A server that is told its own address needs its port before it starts. */
async function underPath(base: string) {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return { PORT: String(port), SANDPIT_URL: `http://127.0.0.1:${port}${base}` }
}
