import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { entryFile } from '../../../root.ts'
import type { FromCopy, ToCopy } from '../protocol.ts'
import type { Exit } from './exit.ts'
import type { Reaper } from './reaper.ts'

const entry = entryFile('providers/local/copy/copy')

const memoryCheckMs = 100
const printedKept = 8_192

/** A process outside our reach may keep a dead copy's outputs open: they are closed after this time. */
const lateOutputMs = 250

export interface CopyOptions {
  readonly memoryMb: number
  readonly env: Readonly<Record<string, string>>
  /** The model's own folder, which is its working directory. */
  readonly folder: string
  readonly onMessage: (message: FromCopy) => void
  /** Receives text that the process wrote to its own outputs, past JavaScript. */
  readonly onPrinted?: (text: string) => void
  /** Called last, when the process is gone or could not be started. */
  readonly onExit: (exit: Exit) => void
}

/** A process with a copy of a model. */
export interface Copy {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Does nothing when the process is gone. */
  send(message: ToCopy): void
  /** Kills the process and those it started, unless it is gone. `onExit` follows. */
  kill(): void
  /** Resolves after `onExit`. */
  readonly exited: Promise<void>
}

/** Starts a process with a heap limit, watched memory, and only the environment that the model declares. */
export function startCopy(options: CopyOptions, reaper: Reaper): Copy {
  const { memoryMb, onMessage, onPrinted, onExit } = options
  const exited = Promise.withResolvers<void>()
  const child = forkCopy(options)
  let printed = ''
  let outOfMemory = false
  let notStarted: string | null = null

  function exit(code: number | null, signal: NodeJS.Signals | null): void {
    onExit({ code, signal, outOfMemory, notStarted, printed, memoryMb })
    exited.resolve()
  }

  if (child instanceof Error) {
    notStarted = child.message
    queueMicrotask(() => exit(null, null))
    return { pid: undefined, send() {}, kill() {}, exited: exited.promise }
  }

  const group = createGroup(child, reaper)
  const watch = watchMemory(child, memoryMb, () => {
    outOfMemory = true
    group.kill()
  })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-printedKept)
      onPrinted?.(text)
    })
  child.on('message', (message) => isFromCopy(message) && onMessage(message))
  child.on('error', (error) => {
    if (!child.pid) notStarted = error.message
    group.kill()
  })
  child.once('exit', () => {
    clearInterval(watch)
    group.end()
    setTimeout(() => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }, lateOutputMs).unref()
  })
  child.once('close', (code, signal) => {
    clearInterval(watch)
    exit(code, signal)
  })

  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message, () => {})
    },
    kill: group.kill,
    exited: exited.promise,
  }
}

function forkCopy({ folder, env, memoryMb }: CopyOptions): ChildProcess | Error {
  try {
    return fork(entry, {
      cwd: folder,
      env: { ...env },
      execArgv: [
        `--max-old-space-size=${memoryMb}`,
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      ],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A process group of its own: Ctrl-C on the server does not reach it, and a kill reaches its children.
      detached: true,
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The process group of a copy. Once the copy is gone, its id may belong to another group. */
function createGroup({ pid }: ChildProcess, reaper: Reaper) {
  let gone = pid === undefined
  if (pid) reaper.watch(pid)
  function kill(): void {
    if (!pid || gone) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
  return {
    kill,
    /** Called when the copy is gone: kills the processes that it left behind. */
    end(): void {
      kill()
      gone = true
      if (pid) reaper.forget(pid)
    },
  }
}

function watchMemory({ pid }: ChildProcess, memoryMb: number, exceeded: () => void) {
  const watch = setInterval(() => {
    const resident = pid ? residentMemory(pid) : null
    if (resident !== null && resident > memoryMb * 2 ** 20) exceeded()
  }, memoryCheckMs)
  return watch.unref()
}

/** A model can write to the channel: a message that is not ours is ignored. */
function isFromCopy(message: unknown): message is FromCopy {
  return typeof message === 'object' && message !== null && 'type' in message
}

/** Resident memory of a process in bytes; null except on Linux. */
export function residentMemory(pid: number): number | null {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readStatus(pid)) ?? []
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}

function readStatus(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'latin1')
}
