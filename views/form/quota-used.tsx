import type { Quota } from '../../src/domain/people/quota.ts'
import { spanText } from '../../src/domain/people/quota-words.ts'
import type { Usage } from '../../src/domain/people/usage.ts'

/** What a viewer has used of their limits, beside Run; empty for one without. */
export function QuotaUsed({ text }: { readonly text: string }) {
  return <span id='quota-used'>{text}</span>
}

/** ` · 12 of 50 runs today · 2 of yours wait`. Of two limits of a day, the one that is used up sooner. */
export function usedText(
  { perDay, secondsPerDay }: Quota,
  { runsToday, msToday, waiting }: Pick<Usage, 'runsToday' | 'msToday' | 'waiting'>,
): string {
  const seconds = msToday / 1000
  const shareOfTime = secondsPerDay === null ? -1 : seconds / secondsPerDay
  const shareOfRuns = perDay === null ? -1 : runsToday / perDay
  const day =
    secondsPerDay !== null && shareOfTime > shareOfRuns
      ? `${spanText(seconds)} of ${spanText(secondsPerDay)} of model time today`
      : perDay !== null && `${runsToday} of ${perDay} runs today`
  const waits = waiting > 0 && `${waiting} of yours ${waiting === 1 ? 'waits' : 'wait'}`
  return [day, waits].map((part) => (part ? ` · ${part}` : '')).join('')
}
