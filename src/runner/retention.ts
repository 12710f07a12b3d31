import { setImmediate } from 'node:timers/promises'
import { newAuditEntry } from '../domain/people/audit.ts'
import {
  dayMs,
  isDue,
  type ModelRetention,
  type Retention,
  retentionDays,
} from '../domain/prediction/retention.ts'
import type { Store } from '../store/store.ts'
import type { ModelRecords } from './model-records.ts'
import type { Runner } from './runner.ts'

/** How many predictions are looked at by one statement, and how many lose their data in one write. */
const batch = { looked: 200, removed: 10 }

export interface RetentionParts {
  readonly store: Pick<Store, 'withData' | 'addEntry'>
  readonly runner: Pick<Runner, 'removeData'>
  readonly records: Pick<ModelRecords, 'all' | 'find'>
  readonly config: { readonly retention: Retention }
  readonly newId: () => string
}

/**
 * Removes the data of predictions that are older than it is kept for, in batches between which requests
 * are answered. A crash leaves what is not removed yet to the next time. Resolves with how many lost it.
 */
export async function removeOldData(parts: RetentionParts, now: number): Promise<number> {
  const { store, records, config } = parts
  const ofModel = (ref: Parameters<typeof records.find>[0]): ModelRetention =>
    records.find(ref)?.settings.retention ?? null
  const own = records.all().map(({ settings }) => settings.retention ?? null)
  const shortest = [null, ...own].flatMap((rule) => retentionDays(config.retention, rule) ?? [])
  if (shortest.length === 0) return 0
  const before = now - Math.min(...shortest) * dayMs
  let removed = 0
  let after: string | null = null
  do {
    const { predictions, next } = await store.withData(before, batch.looked, after)
    const due = predictions.filter((one) =>
      isDue(one, retentionDays(config.retention, ofModel(one.model)), now),
    )
    removed += await removeAll(
      parts,
      due.map(({ id }) => id),
      now,
    )
    after = next
    await setImmediate()
  } while (after !== null)
  if (removed > 0) await keepEntry(parts, removed, now)
  return removed
}

async function removeAll(
  { runner, config }: RetentionParts,
  due: readonly string[],
  now: number,
): Promise<number> {
  let removed = 0
  for (let at = 0; at < due.length; at += batch.removed) {
    const some = due.slice(at, at + batch.removed)
    removed += (await runner.removeData(some, config.retention.keep, now)).length
    await setImmediate()
  }
  return removed
}

async function keepEntry(parts: RetentionParts, removed: number, now: number): Promise<void> {
  await parts.store.addEntry(
    newAuditEntry({
      id: parts.newId(),
      at: now,
      actor: '',
      actorName: 'the server',
      via: 'server',
      action: 'data removed',
      subject: 'SANDPIT_RETENTION',
      detail: `of ${removed} predictions`,
    }),
  )
}
