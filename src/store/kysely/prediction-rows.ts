import type { Selectable } from 'kysely'
import { formatJson, type Json, parseJson } from '../../domain/json/json.ts'
import { modelName, parseModelRef } from '../../domain/model-ref.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { listedFiles, snippetOf, summaryOf } from '../../domain/prediction/summary.ts'
import { type ChunkBodies, readLogs, readOutput } from './chunks.ts'
import type { PredictionRow } from './tables.ts'

/** The columns that lists read. None of them is ever large. */
export const summaryColumns = [
  'id',
  'model_owner',
  'model_name',
  'version',
  'status',
  'attempt',
  'revision',
  'created_at',
  'started_at',
  'completed_at',
  'source',
  'created_by',
  'account',
  'visibility',
  'parent',
  'run_group',
  'place',
  'listed',
  'summary',
  'made',
  'snippet',
] as const satisfies readonly (keyof PredictionRow)[]

/** Those that a whole prediction does not need. */
const listColumns = ['summary', 'made', 'snippet'] as const

/** The columns of a whole prediction. */
export const predictionColumns = [
  ...summaryColumns.filter((column) => !listColumns.some((listed) => listed === column)),
  'provider',
  'input',
  'output',
  'excerpt',
  'iterates',
  'files',
  'error',
  'logs',
  'progress',
  'metrics',
  'phases',
  'remote',
  'deadline',
  'continues',
  'deployment',
  'webhook',
  'data_removed_at',
] as const satisfies readonly (keyof PredictionRow)[]

/** A row of a list. */
export type SummaryRow = Pick<Selectable<PredictionRow>, (typeof summaryColumns)[number]>
type WholeRow = Pick<Selectable<PredictionRow>, (typeof predictionColumns)[number]>

export function readSummary(row: SummaryRow): PredictionSummary {
  return {
    ...commonOf(row),
    summary: row.summary ?? '',
    made: row.made === null ? [] : readJson(row.made),
    snippet: row.snippet,
  }
}

function commonOf(row: Omit<SummaryRow, (typeof listColumns)[number]>) {
  return {
    id: row.id,
    model: { owner: row.model_owner, name: row.model_name },
    version: row.version,
    status: row.status,
    attempt: row.attempt,
    revision: row.revision,
    createdAt: row.created_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    source: row.source,
    createdBy: row.created_by,
    account: row.account ?? row.created_by,
    visibility: row.visibility,
    parent: row.parent,
    group: groupOf(row),
  }
}

function groupOf({ run_group, place, listed }: Pick<WholeRow, 'run_group' | 'place' | 'listed'>) {
  if (run_group === null) return null
  return { id: run_group, place, isListed: listed === 1 }
}

/** `chunks`: the output and the logs of an unsettled prediction. */
export function readPrediction(row: WholeRow, chunks: ChunkBodies): Prediction {
  const settled = isSettled(row)
  const settledOutput = row.output === null ? null : readJson(row.output)
  return {
    ...commonOf(row),
    provider: row.provider,
    input: readJson(row.input),
    output: settled ? settledOutput : readOutput(chunks),
    excerpt: row.excerpt === null ? null : readJson(row.excerpt),
    iterates: row.iterates === 1,
    files: readJson(row.files),
    error: row.error,
    logs: settled ? row.logs : readLogs(chunks),
    progress: row.progress === null ? null : readJson(row.progress),
    metrics: readJson(row.metrics),
    phases: row.phases === null ? [] : readJson(row.phases),
    remote: row.remote,
    deadline: row.deadline,
    continues: row.continues,
    deployment: row.deployment === null ? null : parseModelRef(row.deployment),
    webhook: row.webhook === null ? null : readJson(row.webhook),
    dataRemovedAt: row.data_removed_at,
  }
}

/** The columns of a prediction that was just accepted. */
export function newRow(prediction: Prediction) {
  return {
    id: prediction.id,
    model_owner: prediction.model.owner,
    model_name: prediction.model.name,
    version: prediction.version,
    provider: prediction.provider,
    input: writeJson(prediction.input),
    iterates: prediction.iterates ? 1 : 0,
    source: prediction.source,
    created_by: prediction.createdBy,
    account: prediction.account === prediction.createdBy ? null : prediction.account,
    visibility: prediction.visibility,
    parent: prediction.parent,
    ...groupColumns(prediction),
    deadline: prediction.deadline,
    continues: prediction.continues,
    deployment: prediction.deployment && modelName(prediction.deployment),
    webhook: prediction.webhook && writeJson(prediction.webhook),
    created_at: prediction.createdAt,
    output: null,
    logs: '',
    summary: summaryOf(prediction),
    ...changingColumns(prediction),
    ...fileColumns(prediction),
    ...settledColumns(prediction),
  }
}

function groupColumns({ group }: Prediction) {
  if (group === null) return {}
  return { run_group: group.id, place: group.place, listed: group.isListed ? 1 : 0 }
}

/** The columns that an event may change. */
export function changingColumns(prediction: Prediction) {
  return {
    status: prediction.status,
    excerpt: prediction.excerpt && writeJson(prediction.excerpt),
    error: prediction.error,
    progress: prediction.progress && writeJson(prediction.progress),
    attempt: prediction.attempt,
    metrics: writeJson(prediction.metrics),
    remote: prediction.remote,
    revision: prediction.revision,
    started_at: prediction.startedAt,
    completed_at: prediction.completedAt,
  }
}

/** The columns that change with the files of a prediction. They are large when there are many files. */
export function fileColumns(prediction: Prediction) {
  return { files: writeJson(prediction.files), made: writeJson(listedFiles(prediction)) }
}

/** The column that changes with what a prediction goes through: most only wait and run. */
export function phaseColumns({ phases }: Prediction) {
  return { phases: phases.length === 0 ? null : writeJson(phases) }
}

/** The columns that are written when a prediction settles; until then its chunks hold the same. */
export function settledColumns(prediction: Prediction) {
  const { output, logs } = prediction
  if (!isSettled(prediction)) return {}
  return {
    output: output === null ? null : writeJson(output),
    logs,
    snippet: snippetOf(prediction),
  }
}

declare const written: unique symbol

/** The JSON of a `T`, as a column holds it. */
export type JsonText<T> = string & { readonly [written]: T }

export function writeJson<T>(value: T): JsonText<T> {
  // Interfaces of JSON values have no index signature, which `Json` asks for.
  return formatJson(value as unknown as Json) as string as JsonText<T>
}

/** Reads back the value that was written: columns of this type are written by `writeJson` alone. */
export function readJson<T>(text: JsonText<T>): T {
  const value: unknown = parseJson(text)
  return value as T
}
