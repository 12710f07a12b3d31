import type { Quota } from '../../src/domain/people/quota.ts'
import { spanText } from '../../src/domain/people/quota-words.ts'
import type { Usage } from '../../src/domain/people/usage.ts'

/** What a viewer has used of their limits, beside Run; empty for one without. */
export function QuotaUsed({ text }: { readonly text: string }) {
  return <span id='quota-used'>{text}</span>
}

/** ` · 12 of 50 runs today · 2 of yours wait`. */
export function usedText(
  { perDay, secondsPerDay }: Quota,
  { runsToday, msToday, waiting }: Pick<Usage, 'runsToday' | 'msToday' | 'waiting'>,
): string {
  const parts = [
    perDay !== null && `${runsToday} of ${perDay} runs today`,
    secondsPerDay !== null &&
      `${spanText(msToday / 1000)} of ${spanText(secondsPerDay)} of models today`,
    waiting > 0 && `${waiting} of yours ${waiting === 1 ? 'waits' : 'wait'}`,
  ]
  return parts.map((part) => (part ? ` · ${part}` : '')).join('')
}
