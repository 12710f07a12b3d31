import type { Quota } from '../../src/domain/people/quota.ts'
import { spanText } from '../../src/domain/people/quota-words.ts'
import type { Usage } from '../../src/domain/people/usage.ts'

export interface UsedSectionProps {
  readonly quota: Quota
  readonly usage: Usage
}

/** What one has used of one’s limits today. */
export function UsedSection({ quota, usage }: UsedSectionProps) {
  const { perDay, secondsPerDay, waiting } = quota
  const seconds = Math.round(usage.msToday / 1000)
  return (
    <section aria-labelledby='used'>
      <header class='section-head'>
        <h2 id='used'>Used today</h2>
        <p>Counted anew at midnight UTC</p>
      </header>
      <div class='charts'>
        {perDay !== null && (
          <Meter name='Runs' used={usage.runsToday} most={perDay} words={String} />
        )}
        {secondsPerDay !== null && (
          <Meter name='Model time' used={seconds} most={secondsPerDay} words={spanText} />
        )}
        {waiting !== null && (
          <Meter name='Waiting now' used={usage.waiting} most={waiting} words={String} />
        )}
      </div>
    </section>
  )
}

interface MeterProps {
  readonly name: string
  readonly used: number
  readonly most: number
  readonly words: (amount: number) => string
}

function Meter({ name, used, most, words }: MeterProps) {
  const id = `used-${name.replaceAll(' ', '-')}`
  const text = `${words(used)} of ${words(most)}`
  return (
    <div class='progress'>
      <span id={id}>{name}</span>
      <span class='mono'>{text}</span>
      <progress aria-labelledby={id} value={Math.min(used, most)} max={most}>
        {text}
      </progress>
    </div>
  )
}
