import { quotaAdvice, quotaHeading, secondsUntil } from '../../../domain/people/quota-words.ts'
import { type Exceeded, restOf } from '../../../domain/people/usage.ts'
import { runRetrySeconds } from '../../refusals.ts'
import type { ApiDeps } from '../api-deps.ts'
import type { Problem } from '../problem.ts'
import { showLeft } from '../rate.ts'
import type { ApiContext } from '../route.ts'

/** Sends how many more predictions the limits of the sender allow, where the rate allows more. */
export async function showQuotaLeft(
  c: ApiContext,
  { runner, now }: Pick<ApiDeps, 'runner' | 'now'>,
): Promise<void> {
  const viewer = c.get('viewer')
  const quota = await runner.quotaOf(viewer)
  const left = quota && restOf(quota, await runner.usage(viewer.id, quota))
  if (!left || left.rest > (c.get('rateLeft') ?? Number.POSITIVE_INFINITY)) return
  c.header('ratelimit-limit', String(left.most))
  showLeft(c, left.rest, secondsUntil(left.until, now()))
}

/** The answer where a limit of a person is used up. */
export function overQuota(exceeded: Exceeded, now: number): Problem {
  const { until } = exceeded
  return {
    title: 'Quota used up',
    detail: `${quotaHeading(exceeded)}. ${quotaAdvice(exceeded, now)}`,
    status: 429,
    retry_after: until === null ? runRetrySeconds : secondsUntil(until, now),
  }
}
