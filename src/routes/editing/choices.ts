import type { Context } from 'hono'
import type { ChoicesRowProps } from '../../../views/editing/choices-row.tsx'
import type { Deps } from '../../deps.ts'
import { sameJson } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import type { SentEdit } from '../forms/edit-body.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

/** Whether an operator may have the choices of a model read again, as its edit page shows it; null for no. */
export function choicesRow(c: Context, deps: Deps, model: Model): ChoicesRowProps | null {
  return refreshOf(c, deps, model) ? { error: null, told: null } : null
}

/** Reads the choices of a model again, where an operator pressed that; null when another button was pressed. */
export async function readChoices(
  c: Context,
  deps: Deps,
  model: Model,
  { pressed }: SentEdit,
): Promise<ChoicesRowProps | null> {
  const refresh = pressed === 'read choices' ? refreshOf(c, deps, model) : null
  const before = deps.records.of(model.ref)
  if (!refresh || !before.source) return null
  const read = await refresh(before.source)
  if (!read.ok) return { error: read.sentence, told: null }
  if (sameJson(read.source, before.source)) return { error: null, told: 'They are as they were.' }
  const entry = auditEntry(c, deps, 'model changed', modelName(model.ref), {
    detail: 'choices read again',
  })
  await deps.records.save({ ...before, source: read.source }, entry)
  return { error: null, told: 'They have changed: the model has a new version.' }
}

function refreshOf(c: Context, deps: Deps, { ref, provider }: Model) {
  if (!may(viewerOf(c, deps), 'operate') || !deps.records.find(ref)?.source) return null
  return deps.providers.find(({ name }) => name === provider)?.sources?.refresh ?? null
}
