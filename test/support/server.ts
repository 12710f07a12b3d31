import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../src/root.ts'

export type Server = Awaited<ReturnType<typeof startServer>>

export interface ServerOptions {
  /** The data folder; a new one when left out. */
  readonly data?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** The built server, as an operator starts it, on a port of its own. */
export async function startServer({ data, environment = {} }: ServerOptions = {}) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'sandpit-server-'))
  const child = spawn(process.execPath, ['dist/src/main.js'], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: '0', SANDPIT_DATA: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const port = await listening(child)
  const url = `http://127.0.0.1:${port}${pathOf(environment.SANDPIT_URL)}`
  return {
    url,
    port,
    data: folder,
    pid: child.pid ?? 0,
    ended,
    /** Ends it with a signal and waits until it is gone. */
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** The port of the line that says the server is ready; rejects with what it said instead. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (text) => {
      said += text
    })
    child.once('exit', (code) => reject(new Error(`The server ended (${code}): ${said}`)))
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const port = portIn(line)
      if (port) resolve(port)
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

function pathOf(url: string | undefined): string {
  return url === undefined ? '' : new URL(url).pathname.replace(/\/$/, '')
}
