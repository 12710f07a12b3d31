import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../src/root.ts'
import { cacheDescriptions, restoreDescriptions } from './description-cache.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

export interface ServerOptions {
  /** The data folder; a new one when left out. */
  readonly data?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The path it is served under, such as `/sandpit-test`. */
  readonly base?: string
  /** Whether to wait until it has read its models: true when left out. */
  readonly readsFirst?: boolean
}

/** A test that cannot end its servers leaves none behind. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** The built server, as an operator starts it, on a port of its own. */
export async function startServer(options: ServerOptions = {}) {
  const { data, environment = {}, base = '', readsFirst = true } = options
  const given = base === '' ? {} : await underPath(base)
  const folder = data ?? mkdtempSync(join(tmpdir(), 'sandpit-server-'))
  restoreDescriptions(folder)
  const child = spawn(process.execPath, startArguments(), {
    cwd: root,
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
  const port = await listening(child, readsFirst)
  if (readsFirst && !environment.SANDPIT_MODELS) cacheDescriptions(folder)
  const url = `http://127.0.0.1:${port}${base}`
  return {
    url,
    port,
    data: folder,
    pid,
    ended,
    /** Ends it with a signal and waits until it is gone. */
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** The command of `npm start`. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return (scripts.start as string).split(' ').slice(1)
}

/**
 * The port of the line that says the server is ready, once it has read its models, too; rejects with
 * what it said instead.
 */
function listening(child: ChildProcess, readsFirst: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    let port: number | null = null
    child.stderr?.on('data', (text) => {
      said += text
    })
    child.once('exit', (code) => reject(new Error(`The server ended (${code}): ${said}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      port ??= portIn(line)
      if (port && (!readsFirst || line.includes('Every model is read'))) resolve(port)
    })
  })
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
