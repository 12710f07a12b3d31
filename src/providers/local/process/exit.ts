import { beginning } from '../../../domain/json/excerpt.ts'

/** How a copy's process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Whether we killed it because it exceeded its memory limit. */
  readonly outOfMemory: boolean
  /** Why the process could not be started; null when it was. */
  readonly notStarted: string | null
  /** The end of what it wrote to its own outputs, such as a crash report of the engine. */
  readonly printed: string
  readonly memoryMb: number
}

const outOfMemoryWords = /heap out of memory|out of memory|allocation fail|bad_alloc/i

/** How the process ended, as the error of its run. */
export function exitSentence(exit: Exit): string {
  const { code, signal, outOfMemory, notStarted, printed, memoryMb } = exit
  if (notStarted !== null) return `The model's process could not be started: ${notStarted}.`
  if (outOfMemory || outOfMemoryWords.test(printed)) return outOfMemorySentence(memoryMb)
  if (signal) return `The model's process was killed (${signal}).`
  return `The model's process exited unexpectedly (exit code ${code ?? 'unknown'}).`
}

/** The error of a run whose model threw. */
export function errorSentence(error: string, memoryMb: number): string {
  if (/array buffer allocation failed/i.test(error)) return outOfMemorySentence(memoryMb)
  return beginning(error.trim(), 1_000) || 'The model failed without an error message.'
}

function outOfMemorySentence(memoryMb: number): string {
  return `The model ran out of memory. Its limit is ${memoryMb} MB.`
}
