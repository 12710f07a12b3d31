import { availableParallelism } from 'node:os'
import type { LocalLimits } from '../limits.ts'
import type { Reaper } from '../process/reaper.ts'
import type { Description } from '../protocol.ts'
import { type DescribingProcess, startDescribingProcess } from './describing-process.ts'
import type { ModelFolder } from './folders.ts'

/** The most models that are imported into one process: their memory adds up. */
const mostInProcess = 50

const stopping = 'The server is stopping.'

interface Waiting {
  readonly folder: ModelFolder
  readonly answer: PromiseWithResolvers<Description | string>
  /** Whether it gets a process of its own, as it failed or took long in one with others. */
  alone: boolean
}

/**
 * Imports models to describe them, several in each process, and a process for each processor. A model
 * that fails or holds up those that wait is described again after them, in a process of its own, and
 * that result counts: whatever one does as it is imported, the others are described.
 */
export function createDescribeQueue(reaper: Reaper, limits: LocalLimits) {
  const { describeMs, describePatienceMs, describeMemoryMb: memoryMb } = limits
  const waiting: Waiting[] = []
  const prioritised = new Set<string>()
  const processes = new Set<DescribingProcess>()
  const most = Math.max(2, availableParallelism())
  /** How many processes have a model of their own: never all, so that the others go on. */
  let alone = 0
  let closed = false

  function fill(): void {
    while (!closed && processes.size < most) {
      const first = take(({ alone: apart }) => !apart || alone < most - 1)
      if (!first) return
      const started = startDescribingProcess(first.folder, { memoryMb, reaper })
      processes.add(started)
      void work(started, first)
    }
  }

  async function work(using: DescribingProcess, first: Waiting): Promise<void> {
    const { alone: apart } = first
    if (apart) alone++
    let next: Waiting | undefined = first
    for (let before = 0; next; before++) {
      prioritised.delete(next.folder.path)
      const others: boolean = !next.alone
      await describe(using, next, before)
      next = others && using.isUsable() && before < mostInProcess ? another() : undefined
    }
    using.end(stopping)
    await using.exited
    processes.delete(using)
    if (apart) alone--
    fill()
  }

  function take(fits: (one: Waiting) => boolean): Waiting | undefined {
    const at = waiting.findIndex(fits)
    return at < 0 ? undefined : waiting.splice(at, 1)[0]
  }

  /** The next for a process with others; none when the first needs its place. */
  function another(): Waiting | undefined {
    return waiting[0]?.alone && alone < most - 1 ? undefined : take((one) => !one.alone)
  }

  /** Answers, or lets it wait for a process of its own. */
  async function describe(using: DescribingProcess, one: Waiting, before: number): Promise<void> {
    let checks: NodeJS.Timeout | undefined
    let impatient = false
    function endIfOthersWait(): void {
      if (one.alone || waiting.length === 0) return
      impatient = true
      using.end(stopping)
    }
    const timer = setTimeout(
      () => using.end(`Import took longer than ${describeMs / 1000} s.`),
      describeMs,
    )
    const found = await using.describe(one.folder, () => {
      checks = setInterval(endIfOthersWait, describePatienceMs)
    })
    clearInterval(checks)
    clearTimeout(timer)
    const again = typeof found === 'string' && (impatient || before > 0) && !closed
    if (!again) return one.answer.resolve(found)
    one.alone = true
    waiting.push(one)
  }

  return {
    /** The description, or a sentence on why there is none. */
    describe(folder: ModelFolder): Promise<Description | string> {
      const answer = Promise.withResolvers<Description | string>()
      if (closed) return Promise.resolve(stopping)
      const one = { folder, answer, alone: false }
      if (prioritised.has(folder.path)) waiting.unshift(one)
      else waiting.push(one)
      fill()
      return answer.promise
    },
    /** Lets this folder go before all others, whether it waits already or comes later. */
    prioritise({ path }: ModelFolder): void {
      prioritised.add(path)
      const at = waiting.findIndex(({ folder }) => folder.path === path)
      if (at > 0) waiting.unshift(...waiting.splice(at, 1))
    },
    /** Kills all processes. */
    async close(): Promise<void> {
      closed = true
      for (const { answer } of waiting.splice(0)) answer.resolve(stopping)
      for (const one of processes) one.end(stopping)
      await Promise.all([...processes].map(({ exited }) => exited))
    },
  }
}
