import type { Prediction } from '../domain/prediction.ts'
import type { Outcome } from './schedule.ts'

/** A prediction that never was: it looks as those do that are sent in earnest. */
export function testPrediction(at: number): Prediction {
  return {
    id: 'test',
    model: { owner: 'sandpit', name: 'test' },
    version: '0'.repeat(64),
    provider: 'local',
    status: 'succeeded',
    input: { text: 'This is a test delivery.' },
    output: 'This is a test delivery.',
    excerpt: null,
    iterates: false,
    files: [],
    error: null,
    logs: '',
    progress: null,
    metrics: {},
    attempt: 1,
    remote: null,
    revision: 1,
    createdAt: at,
    startedAt: at,
    completedAt: at,
    deadline: null,
    source: 'api',
    createdBy: 'test',
    visibility: 'private',
    parent: null,
    deployment: null,
    webhook: null,
  }
}

/** What came of a test, and what to do about it. */
export function testSentence({ kind, answer }: Outcome): string {
  if (kind === 'delivered') return `It has arrived: the receiver answered ${answer}.`
  if (answer === 'not allowed')
    return 'It was not sent: this server may not reach that address. Its operator can let it through with SANDPIT_OUTBOUND_ALLOW.'
  if (/redirected/.test(answer))
    return `It has not arrived: the receiver answered ${answer}. Redirects are not followed, so give the address it leads to.`
  if (/^\d/.test(answer)) return `It has not arrived: the receiver answered ${answer}.`
  return `It has not arrived: ${silenceSentences[answer] ?? 'there was no answer.'}`
}

const silenceSentences: Readonly<Record<string, string>> = {
  'timed out': 'the receiver did not answer in time.',
  'no connection': 'nothing listens at that address.',
}
