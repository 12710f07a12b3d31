import { newPrediction, type Prediction } from '../domain/prediction/prediction.ts'
import type { Outcome } from './schedule.ts'

/** A made-up prediction that looks as a real one. */
export function testPrediction(at: number): Prediction {
  const text = 'This is a test delivery.'
  const accepted = newPrediction({
    id: 'test',
    model: { owner: 'sandpit', name: 'test' },
    version: '0'.repeat(64),
    provider: 'local',
    input: { text },
    createdAt: at,
    source: 'api',
    createdBy: 'test',
    visibility: 'private',
  })
  return { ...accepted, status: 'succeeded', output: text, startedAt: at, completedAt: at }
}

/** The outcome of a test delivery, and what to do about it. */
export function testSentence({ kind, answer }: Outcome): string {
  if (kind === 'delivered') return `Delivered. The receiver returned ${answer}.`
  if (answer === 'not allowed')
    return 'Not sent. This server is not allowed to reach that address. To allow it, set SANDPIT_OUTBOUND_ALLOW.'
  if (/redirected/.test(answer))
    return `Not delivered. The receiver returned ${answer}. Redirects are not followed: enter the URL it redirects to.`
  if (/^\d/.test(answer)) return `Not delivered. The receiver returned ${answer}.`
  return `Not delivered. ${silenceSentences[answer] ?? 'The receiver did not respond.'}`
}

const silenceSentences: Readonly<Record<string, string>> = {
  'timed out': 'The receiver did not respond in time.',
  'no connection': 'Nothing is listening at that address.',
}
