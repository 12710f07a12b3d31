import { FileNotKept, type NotKept } from '../../domain/file/file-not-kept.ts'
import { JsonPastBounds, mostLevels } from '../../domain/json/bounds.ts'
import type { Occurrence } from '../../domain/prediction/event.ts'
import { FilesAway } from '../../domain/unavailable.ts'
import { InputNotFetched } from './input-files.ts'

/** Why a run was aborted: the reason of its signal. */
export type StopReason = 'canceled' | 'expired' | 'overdue' | 'stopped'

export const overdueSentence = 'It did not start before its deadline.'

/**
 * How a run ends when its provider did not report an end. Null when the server stops: the next
 * start takes the run up again.
 */
export function endWithoutResult(signal: AbortSignal, timeoutMs: number): Occurrence | null {
  if (!signal.aborted) return { type: 'failed', error: 'The run ended without a result.' }
  const reason: StopReason = signal.reason
  switch (reason) {
    case 'stopped':
      return null
    case 'canceled':
      return { type: 'canceled' }
    case 'overdue':
      return { type: 'overdue', error: overdueSentence }
    case 'expired':
      return { type: 'expired', error: `It timed out after ${timeoutMs / 1000} s.` }
  }
}

/** Whether an error comes from the input or the model. The operator need not know about it. */
export function isExpected(error: unknown): boolean {
  return error instanceof InputNotFetched || error instanceof JsonPastBounds
}

const notKept: Readonly<Record<NotKept, string>> = {
  'too large': 'too large',
  'no space': 'no space',
  unreachable: 'the server could not reach its files',
}

/** The sentence for the person who ran it. */
export function sentenceOfError(error: unknown): string {
  if (error instanceof InputNotFetched) return error.message
  if (error instanceof JsonPastBounds)
    return `The model’s output is nested too deeply. The maximum is ${mostLevels} levels.`
  if (error instanceof FilesAway) return 'The files of the run could not be reached.'
  return error instanceof FileNotKept
    ? `A file from the model could not be saved: ${notKept[error.reason]}.`
    : 'Sandpit could not run this. The server’s log has the reason.'
}
