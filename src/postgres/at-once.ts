import { causeOf } from './errors.ts'

/**
 * The answers to statements that were sent without waiting for each other. Ends when all have ended; rejects with
 * the reason of the first that failed by itself.
 */
export async function atOnce<const T extends readonly Promise<unknown>[]>(
  asked: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(asked)
  const failures = ended.filter((one) => one.status === 'rejected')
  if (failures.length > 0) throw causeOf(failures.map(({ reason }) => reason))
  return Promise.all(asked)
}
