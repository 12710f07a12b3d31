import type { Plan, PlannedRun, RunGroup } from '../../../domain/group/group.ts'
import { readJson, writeJson } from '../prediction-rows.ts'
import type { PlannedRunRow, RunGroupRow } from '../tables.ts'

type GroupRow = Omit<RunGroupRow, 'form_key' | 'opened' | 'claimed_by' | 'claimed_until'>

export function newRow(
  { createdBy, createdAt, axes, models, ...group }: RunGroup,
  formKey: string | null,
) {
  return {
    ...group,
    axes: writeJson(axes),
    models: writeJson(models),
    created_by: createdBy,
    created_at: createdAt,
    form_key: formKey,
    opened: 0,
  }
}

export function readGroup(row: GroupRow): RunGroup {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    axes: readJson(row.axes),
    models: readJson(row.models),
    size: row.size,
    stopped: row.stopped,
    source: row.source,
    createdBy: row.created_by,
    account: row.account,
    visibility: row.visibility,
    createdAt: row.created_at,
  }
}

export function plannedRow(
  group: string,
  { place, model, version, input, files, sealed, problem }: PlannedRun,
): PlannedRunRow {
  return {
    run_group: group,
    place,
    model_owner: model.owner,
    model_name: model.name,
    version,
    input: writeJson(input),
    files: writeJson(files),
    sealed,
    problem,
  }
}

export function readPlanned(row: PlannedRunRow): PlannedRun {
  return {
    ...readPlan(row),
    version: row.version,
    input: readJson(row.input),
    files: readJson(row.files),
    sealed: row.sealed,
  }
}

type PlanRow = Pick<PlannedRunRow, 'place' | 'model_owner' | 'model_name' | 'problem'>

export function readPlan({ place, model_owner, model_name, problem }: PlanRow): Plan {
  return { place, model: { owner: model_owner, name: model_name }, problem }
}
