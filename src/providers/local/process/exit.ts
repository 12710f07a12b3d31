import { beginning } from '../../../domain/json/whole-text.ts'

/** How a copy's process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** We killed it because it held more than it may. */
  readonly outOfMemory: boolean
  /** Why there was no process at all; null when there was one. */
  readonly notStarted: string | null
  /** The last of what it printed by other means than JavaScript, such as an engine's last words. */
  readonly printed: string
  readonly memoryMb: number
}

const outOfMemoryWords = /heap out of memory|out of memory|allocation fail|bad_alloc/i

/** The ending in one sentence, for whoever waited on the run. */
export function exitSentence(ending: Exit): string {
  const { code, signal, outOfMemory, notStarted, printed, memoryMb } = ending
  if (notStarted !== null) return `The model's process could not be started: ${notStarted}.`
  if (outOfMemory || outOfMemoryWords.test(printed)) return outOfMemorySentence(memoryMb)
  if (signal) return `The model's process was killed (${signal}).`
  return `The model's process exited unexpectedly (exit code ${code ?? 'unknown'}).`
}

/** What the model threw, in one sentence. */
export function errorSentence(error: string, memoryMb: number): string {
  if (/array buffer allocation failed/i.test(error)) return outOfMemorySentence(memoryMb)
  return beginning(error.trim(), 1_000) || 'The model failed without an error message.'
}

function outOfMemorySentence(memoryMb: number): string {
  return `The model ran out of memory. Its limit is ${memoryMb} MB.`
}
