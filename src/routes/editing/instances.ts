import type { Context } from 'hono'
import type { InstancesRowsProps } from '../../../views/editing/instances-rows.tsx'
import type { Deps } from '../../deps.ts'
import {
  type ChoiceName,
  type ChosenInstances,
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
  const texts = choiceTexts(chosenFor(deps, model.ref))
  const mark = markOf(JSON.stringify(texts))
  return { names, texts, mark, hardware: deps.config.hardware, errors: {}, conflict: null }
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
  const was = chosenFor(deps, model.ref)
  const names = deps.config.hardware.map(({ name }) => name)
  const read = readChoices(texts, was, rows.names, names)
  if (!read.ok) return { ...rows, texts, errors: read.errors }
  const { choices, hardware } = read.chosen
  const detail = choiceChanges(was, read.chosen)
  if (detail !== '') {
    const entry = auditEntry(c, deps, 'model changed', modelName(model.ref), { detail })
    const before = deps.records.of(model.ref)
    const settings = { ...before.settings, instances: choices }
    await deps.records.save({ ...before, hardware, settings }, entry)
  }
  return instancesRows(c, deps, model)
}

function namesOf(c: Context, deps: Deps, { ref, provider }: Instanced): readonly ChoiceName[] {
  if (!may(viewerOf(c, deps), 'operate')) return []
  const names = deps.providers.find(({ name }) => name === provider)?.instanceChoices?.(ref) ?? []
  return names.filter((name) => name !== 'hardware' || deps.config.hardware.length > 0)
}

function chosenFor({ records }: Deps, ref: ModelRef): ChosenInstances {
  const { settings, hardware } = records.of(ref)
  return { choices: settings.instances ?? usualInstances, hardware }
}
