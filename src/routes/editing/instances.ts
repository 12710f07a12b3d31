import type { Context } from 'hono'
import type { InstancesRowsProps } from '../../../views/editing/instances-rows.tsx'
import type { Deps } from '../../deps.ts'
import {
  type ChoiceName,
  choiceChanges,
  choiceTexts,
  readChoices,
} from '../../domain/instance/choice-texts.ts'
import { usualInstances } from '../../domain/instance/choices.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { markOf, type SentEdit } from '../forms/edit-body.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

type Instanced = Pick<Model, 'ref' | 'provider'>

/** How the instances of a model are run, as its edit page shows it to operators; null where there is no choice. */
export function instancesRows(c: Context, deps: Deps, model: Instanced): InstancesRowsProps | null {
  const names = namesOf(c, deps, model)
  if (names.length === 0) return null
  const texts = savedTexts(deps, model.ref)
  return { names, texts, mark: markIn(deps, model.ref), errors: {}, conflict: null }
}

/** Keeps how instances are run, where an operator pressed that; null when another button was pressed. */
export async function changeInstances(
  c: Context,
  deps: Deps,
  model: Instanced,
  { pressed, instances }: SentEdit,
): Promise<InstancesRowsProps | null> {
  const rows = pressed === 'set instances' ? instancesRows(c, deps, model) : null
  if (!rows) return null
  const { texts, seen } = instances
  if (seen !== rows.mark) return { ...rows, texts, conflict: rows.texts }
  const before = deps.records.of(model.ref)
  const was = before.settings.instances ?? usualInstances
  const read = readChoices(texts, was, rows.names)
  if (!read.ok) return { ...rows, texts, errors: read.errors }
  const detail = choiceChanges(was, read.choices)
  if (detail !== '') {
    const entry = auditEntry(c, deps, 'model changed', modelName(model.ref), { detail })
    const settings = { ...before.settings, instances: read.choices }
    await deps.records.save({ ...before, settings }, entry)
  }
  return instancesRows(c, deps, model)
}

function namesOf(c: Context, deps: Deps, { ref, provider }: Instanced): readonly ChoiceName[] {
  if (!may(viewerOf(c, deps), 'operate')) return []
  return deps.providers.find(({ name }) => name === provider)?.instanceChoices?.(ref) ?? []
}

function savedTexts({ records }: Deps, ref: ModelRef) {
  return choiceTexts(records.of(ref).settings.instances ?? usualInstances)
}

function markIn(deps: Deps, ref: ModelRef): string {
  return markOf(JSON.stringify(savedTexts(deps, ref)))
}
