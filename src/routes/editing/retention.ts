import type { Context } from 'hono'
import type { RetentionRowProps } from '../../../views/editing/retention-row.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { type ModelRetention, readModelRetention } from '../../domain/prediction/retention.ts'
import type { SentEdit } from '../forms/edit-body.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

const notValid = 'Enter a number of days from 1 to 99999, or keep, or nothing.'

/** How long the data of a model is kept, as its edit page shows it to operators; null for others. */
export function retentionRow(
  c: Context,
  deps: Deps,
  { ref }: Pick<Model, 'ref'>,
  refused: string | null = null,
): RetentionRowProps | null {
  if (!may(viewerOf(c, deps), 'operate')) return null
  return {
    text: refused ?? String(deps.records.of(ref).settings.retention ?? ''),
    days: deps.config.retention.days,
    error: refused === null ? null : notValid,
  }
}

/** Keeps how long data is kept, where an operator pressed that; null when another button was pressed. */
export async function changeRetention(
  c: Context,
  deps: Deps,
  model: Pick<Model, 'ref'>,
  { pressed, retention: text }: SentEdit,
): Promise<RetentionRowProps | null> {
  if (pressed !== 'keep data' || !may(viewerOf(c, deps), 'operate')) return null
  const retention = readModelRetention(text)
  if (retention === undefined) return retentionRow(c, deps, model, text)
  const before = deps.records.of(model.ref)
  const was = before.settings.retention ?? null
  if (was !== retention) {
    const detail = `days that data is kept: ${word(was)} → ${word(retention)}`
    const entry = auditEntry(c, deps, 'model changed', modelName(model.ref), { detail })
    await deps.records.save({ ...before, settings: { ...before.settings, retention } }, entry)
  }
  return retentionRow(c, deps, model)
}

function word(retention: ModelRetention): string {
  return String(retention ?? 'as for all')
}
