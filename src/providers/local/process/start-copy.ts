import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromCopy, ToCopy } from '../protocol.ts'
import type { Exit } from './exit.ts'
import type { Reaper } from './reaper.ts'
import { residentMemory } from './resident-memory.ts'

const entry = fileURLToPath(new URL(`../copy/copy${extname(import.meta.url)}`, import.meta.url))

const memoryCheckMs = 100
const printedKept = 8_192

/** Something outside our reach may hold a dead copy's outputs open: we listen no longer than this. */
const lastWordsMs = 250

export interface CopyOptions {
  readonly memoryMb: number
  readonly env: Readonly<Record<string, string>>
  /** The model's own folder: what relative paths in it start from. */
  readonly folder: string
  readonly onMessage: (message: FromCopy) => void
  /** Text that reached the process's own outputs by other means than JavaScript. */
  readonly onPrinted?: (text: string) => void
  /** The process is gone, or could not be started. Nothing is heard of it after this. */
  readonly onExit: (ending: Exit) => void
}

/** A process with one copy of a model. */
export interface Copy {
  /** A process that is gone hears nothing. */
  send(message: ToCopy): void
  /** Kills the process and all it started, unless it is gone. `onEnd` follows. */
  kill(): void
  /** Resolves after `onEnd`. */
  readonly exited: Promise<void>
}

/** Starts a process for a copy: a heap limit, watched memory, and only the environment it declares. */
export function startCopy(options: CopyOptions, reaper: Reaper): Copy {
  const { memoryMb, onMessage, onPrinted, onExit: onEnd } = options
  const ended = Promise.withResolvers<void>()
  const child = forkCopy(options)
  let printed = ''
  let outOfMemory = false
  let notStarted: string | null = null

  function end(code: number | null, signal: NodeJS.Signals | null): void {
    onEnd({ code, signal, outOfMemory, notStarted, printed, memoryMb })
    ended.resolve()
  }

  if (child instanceof Error) {
    notStarted = child.message
    queueMicrotask(() => end(null, null))
    return { send() {}, kill() {}, exited: ended.promise }
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
    }, lastWordsMs).unref()
  })
  child.once('close', (code, signal) => {
    clearInterval(watch)
    end(code, signal)
  })

  return {
    send(message) {
      if (child.connected) child.send(message, () => {})
    },
    kill: group.kill,
    exited: ended.promise,
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
      // A group of its own: a Ctrl-C meant for the server does not hit it, and a kill hits its children too.
      detached: true,
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The process group of a copy. Its number may be another's once the copy is gone. */
function createGroup({ pid }: ChildProcess, reaper: Reaper) {
  let gone = pid === undefined
  if (pid) reaper.watch(pid)
  function kill(): void {
    if (!pid || gone) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It ended a moment ago.
    }
  }
  return {
    kill,
    /** The copy is gone; whatever it started and left behind goes with it. */
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

/** A model may reach the channel if it tries: what is no message of ours is not heard. */
function isFromCopy(message: unknown): message is FromCopy {
  return typeof message === 'object' && message !== null && 'type' in message
}
