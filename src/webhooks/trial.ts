import type { Prediction } from '../domain/prediction/prediction.ts'
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
