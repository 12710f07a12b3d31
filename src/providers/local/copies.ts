import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Ending } from './ending.ts'
import { residentMemory } from './memory.ts'
import type { FromCopy, ToCopy } from './protocol.ts'
import type { Reaper } from './reaper.ts'

const entry = fileURLToPath(new URL(`./copy${extname(import.meta.url)}`, import.meta.url))

const memoryCheckMs = 100
const stderrKept = 4_096

export interface CopyOptions {
  readonly memoryMb: number
  readonly env: Readonly<Record<string, string>>
  /** The model's own folder: what relative paths in it start from. */
  readonly folder: string
  /** Text that reached the process's own outputs by other means than JavaScript. */
  readonly onPrinted?: (text: string) => void
  readonly onMessage: (message: FromCopy) => void
  readonly onEnd: (ending: Ending) => void
}

/** A process with one copy of a model. */
export interface Copy {
  send(message: ToCopy): void
  /** Kills the process and all it started. `onEnd` follows. */
  kill(): void
  /** Changes who is told: the copy serves one run after another. */
  listen(listeners: Pick<CopyOptions, 'onMessage' | 'onEnd' | 'onPrinted'>): void
}

/** Starts a process for a copy: a heap limit, watched memory, and only the environment it declares. */
export function startCopy(options: CopyOptions, reaper: Reaper): Copy {
  let listeners: Pick<CopyOptions, 'onMessage' | 'onEnd' | 'onPrinted'> = options
  let printed = ''
  let outOfMemory = false
  const child = fork(entry, {
    cwd: options.folder,
    env: { ...options.env },
    execArgv: [`--max-old-space-size=${options.memoryMb}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A group of its own: a Ctrl-C meant for the server does not hit it, and a kill hits its children too.
    detached: true,
  })
  if (child.pid) reaper.watch(child.pid)
  const memory = setInterval(() => {
    const resident = child.pid ? residentMemory(child.pid) : null
    if (resident === null || resident <= options.memoryMb * 2 ** 20) return
    outOfMemory = true
    kill(child)
  }, memoryCheckMs)
  memory.unref()

  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-stderrKept)
      listeners.onPrinted?.(text)
    })
  child.on('message', (message: FromCopy) => listeners.onMessage(message))
  child.on('error', () => kill(child))
  child.once('close', (code, signal) => {
    clearInterval(memory)
    // Whatever it started and left behind goes with it.
    kill(child)
    if (child.pid) reaper.forget(child.pid)
    listeners.onEnd({ code, signal, outOfMemory, printed, memoryMb: options.memoryMb })
  })

  return {
    send(message) {
      if (child.connected) child.send(message, () => {})
    },
    kill: () => kill(child),
    listen(next) {
      listeners = next
    },
  }
}

function kill(child: ChildProcess): void {
  if (!child.pid) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
