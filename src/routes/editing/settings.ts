import type { Context } from 'hono'
import type { InstancesRowsProps } from '../../../views/editing/instances-rows.tsx'
import type { RetentionRowProps } from '../../../views/editing/retention-row.tsx'
import type { Deps } from '../../deps.ts'
import {
  type ChoiceName,
  type ChoiceTexts,
  type ChosenInstances,
  choiceChanges,
  choiceNames,
  choiceTexts,
  readChoices,
} from '../../domain/instance/choice-texts.ts'
import { usualInstances } from '../../domain/instance/choices.ts'
import type { FormErrors, FormName } from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { type ModelRetention, readModelRetention } from '../../domain/prediction/retention.ts'
import { auditEntry } from '../request/audit.ts'
import { viewerOf } from '../request/viewer.ts'

type Instanced = Pick<Model, 'ref' | 'provider'>
type SettingTexts = ChoiceTexts & { readonly retention: string }

/** The settings of a model that only operators change on its edit page. */
interface Settings {
  readonly chosen: ChosenInstances
  readonly retention: ModelRetention
}

/** How the instances of a model are run, and how long its data is kept, as texts. */
export function settingTexts(deps: Deps, ref: ModelRef): SettingTexts {
  const { chosen, retention } = settingsOf(deps, ref)
  return { ...choiceTexts(chosen), retention: String(retention ?? '') }
}

/** The settings that the edit page asks the viewer for: none of those who are no operators. */
export function askedSettings(c: Context, deps: Deps, model: Instanced): readonly FormName[] {
  if (!may(viewerOf(c, deps), 'operate')) return []
  return [...choicesOf(deps, model), 'retention']
}

/** The props of the rows about instances, for operators; null where there is no choice. */
export function instancesRows(
  c: Context,
  deps: Deps,
  model: Instanced,
): Pick<InstancesRowsProps, 'names' | 'hardware'> | null {
  const names = may(viewerOf(c, deps), 'operate') ? choicesOf(deps, model) : []
  return names.length === 0 ? null : { names, hardware: deps.config.hardware }
}

/** What the row of how long data is kept needs, for operators; null for others. */
export function retentionRow(c: Context, deps: Deps): Pick<RetentionRowProps, 'days'> | null {
  return may(viewerOf(c, deps), 'operate') ? { days: deps.config.retention.days } : null
}

/** The settings that texts ask for, or what is wrong with them, each as a sentence. What has not changed is not wrong. */
export function readSettings(
  deps: Deps,
  model: Instanced,
  texts: SettingTexts,
):
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly errors: FormErrors } {
  const was = settingsOf(deps, model.ref)
  const now = settingTexts(deps, model.ref)
  const hardware = deps.config.hardware.map(({ name }) => name)
  const reading = choiceNames.some((name) => texts[name] !== now[name])
    ? readChoices(texts, was.chosen, choicesOf(deps, model), hardware)
    : { ok: true as const, chosen: was.chosen }
  const retention = readModelRetention(texts.retention)
  if (reading.ok && retention !== undefined)
    return { ok: true, settings: { chosen: reading.chosen, retention } }
  const noDays = 'Enter a number of days from 1 to 99999, or keep, or nothing.'
  return {
    ok: false,
    errors: {
      ...(reading.ok ? {} : reading.errors),
      ...(retention === undefined ? { retention: noDays } : {}),
    },
  }
}

/** Saves the settings, where they differ from those of now. */
export async function saveSettings(
  c: Context,
  deps: Deps,
  { ref }: Instanced,
  { chosen, retention }: Settings,
): Promise<void> {
  const was = settingsOf(deps, ref)
  const choices = choiceChanges(was.chosen, chosen)
  const days =
    was.retention === retention
      ? ''
      : `days that data is kept: ${word(was.retention)} → ${word(retention)}`
  const detail = [choices, days].filter(Boolean).join(', ')
  if (detail === '') return
  const entry = auditEntry(c, deps, 'model changed', modelName(ref), { detail })
  const before = deps.records.of(ref)
  const settings = {
    ...before.settings,
    ...(choices === '' ? {} : { instances: chosen.choices }),
    ...(days === '' ? {} : { retention }),
  }
  await deps.records.save({ ...before, hardware: chosen.hardware, settings }, entry)
}

function settingsOf({ records }: Deps, ref: ModelRef): Settings {
  const { settings, hardware } = records.of(ref)
  return {
    chosen: { choices: settings.instances ?? usualInstances, hardware },
    retention: settings.retention ?? null,
  }
}

/** The choices of a model’s instances that mean something. */
function choicesOf(deps: Deps, { ref, provider }: Instanced): readonly ChoiceName[] {
  const names = deps.providers.find(({ name }) => name === provider)?.instanceChoices?.(ref) ?? []
  return names.filter((name) => name !== 'hardware' || deps.config.hardware.length > 0)
}

function word(retention: ModelRetention): string {
  return String(retention ?? 'as for all')
}
