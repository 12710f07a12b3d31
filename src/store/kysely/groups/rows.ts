import type { Plan, PlannedRun, RunGroup } from '../../../domain/group/group.ts'
import { summaryOf } from '../../../domain/prediction/summary.ts'
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
    summary: summaryOf({ input, files }),
  }
}

export function readPlanned(row: PlannedRunRow): PlannedRun {
  return {
    place: row.place,
    model: modelOf(row),
    problem: row.problem,
    version: row.version,
    input: readJson(row.input),
    files: readJson(row.files),
    sealed: row.sealed,
  }
}

/** The columns of a plan. */
export const planColumns = ['place', 'model_owner', 'model_name', 'problem', 'summary'] as const

type PlanRow = Pick<PlannedRunRow, (typeof planColumns)[number]>

export function readPlan(row: PlanRow): Plan {
  const { place, problem, summary } = row
  return { place, model: modelOf(row), problem, summary }
}

function modelOf({ model_owner, model_name }: Pick<PlannedRunRow, 'model_owner' | 'model_name'>) {
  return { owner: model_owner, name: model_name }
}
