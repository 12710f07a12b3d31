/** How a copy's process ended. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** We killed it because it held more than it may. */
  readonly outOfMemory: boolean
  /** The last of what it printed by other means than JavaScript, such as an engine's last words. */
  readonly printed: string
  readonly memoryMb: number
}

const outOfMemoryWords =
  /heap out of memory|allocation fail|invalid (?:array|table|string) (?:length|size)|bad_alloc/i

/** The ending in one sentence, for whoever waited on the run. */
export function endingSentence({ code, signal, outOfMemory, printed, memoryMb }: Ending): string {
  if (outOfMemory || outOfMemoryWords.test(printed))
    return `The model ran out of memory: it may use ${memoryMb} MB.`
  if (signal) return `The model's process was killed (${signal}).`
  return `The model's process ended by itself (exit code ${code ?? 'unknown'}).`
}
