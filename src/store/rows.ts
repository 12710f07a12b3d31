import type { StoredFile } from '../domain/file.ts'
import {
  formatJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../domain/json.ts'
import type { Excerpt } from '../domain/large-output.ts'
import { modelName, parseModelRef } from '../domain/model.ts'
import { isSettled, type Prediction, type Progress, type Status } from '../domain/prediction.ts'
import type { PredictionSummary } from '../domain/prediction-page.ts'
import type { Share } from '../domain/share.ts'
import type { Webhook } from '../domain/webhook.ts'
import type { ChunkRow, PredictionRow, ShareRow } from './tables.ts'

type SummaryRow = Omit<
  PredictionRow,
  'output' | 'excerpt' | 'logs' | 'form_key' | 'owner' | 'heartbeat_at'
>
type StoredPredictionRow = SummaryRow & Pick<PredictionRow, 'output' | 'excerpt' | 'logs'>

/** The columns of a list, and so the ones that never hold much. */
export const summaryColumns = [
  'id',
  'model_owner',
  'model_name',
  'version',
  'provider',
  'status',
  'input',
  'iterates',
  'files',
  'error',
  'progress',
  'attempt',
  'revision',
  'created_at',
  'started_at',
  'completed_at',
  'source',
  'created_by',
  'visibility',
  'parent',
  'metrics',
  'remote',
  'deadline',
  'deployment',
  'webhook',
] as const satisfies readonly (keyof SummaryRow)[]

export const predictionColumns = [...summaryColumns, 'output', 'excerpt', 'logs'] as const

// Rows were written by `predictionToRow`, so what is read back is what was put in.
export function summaryFromRow(row: SummaryRow): PredictionSummary {
  return {
    id: row.id,
    model: { owner: row.model_owner, name: row.model_name },
    version: row.version,
    provider: row.provider,
    status: row.status as Status,
    input: parseJson(row.input) as JsonObject,
    iterates: row.iterates === 1,
    files: parseJson(row.files) as unknown as StoredFile[],
    error: row.error,
    progress: row.progress === null ? null : (parseJson(row.progress) as Progress),
    attempt: row.attempt,
    revision: row.revision,
    createdAt: Number(row.created_at),
    startedAt: row.started_at === null ? null : Number(row.started_at),
    completedAt: row.completed_at === null ? null : Number(row.completed_at),
    source: row.source as Prediction['source'],
    createdBy: row.created_by,
    visibility: row.visibility as Prediction['visibility'],
    parent: row.parent,
    metrics: parseJson(row.metrics) as JsonObject,
    remote: row.remote,
    deadline: row.deadline === null ? null : Number(row.deadline),
    deployment: row.deployment === null ? null : parseModelRef(row.deployment),
    webhook: row.webhook === null ? null : (parseJson(row.webhook) as unknown as Webhook),
  }
}

export function predictionFromRow(
  row: StoredPredictionRow,
  chunks: readonly ChunkRow[],
): Prediction {
  const summary = {
    ...summaryFromRow(row),
    excerpt: row.excerpt === null ? null : (parseJson(row.excerpt) as unknown as Excerpt),
  }
  if (isSettled(summary))
    return {
      ...summary,
      output: row.output === null ? null : parseJson(row.output),
      logs: row.logs,
    }
  const partsOf = (part: ChunkRow['part']) =>
    chunks.filter((chunk) => chunk.part === part).map(({ body }) => parseJson(body))
  return { ...summary, output: outputFrom(partsOf('output')), logs: partsOf('logs').join('') }
}

export function predictionToRow(prediction: Prediction): StoredPredictionRow {
  const settled = isSettled(prediction)
  return {
    id: prediction.id,
    model_owner: prediction.model.owner,
    model_name: prediction.model.name,
    version: prediction.version,
    provider: prediction.provider,
    input: formatJson(prediction.input),
    iterates: prediction.iterates ? 1 : 0,
    source: prediction.source,
    created_by: prediction.createdBy,
    visibility: prediction.visibility,
    parent: prediction.parent,
    deadline: prediction.deadline,
    deployment: prediction.deployment && modelName(prediction.deployment),
    webhook: prediction.webhook && formatJson(prediction.webhook as unknown as Json),
    created_at: prediction.createdAt,
    output: settled && prediction.output !== null ? formatJson(prediction.output) : null,
    logs: settled ? prediction.logs : '',
    ...changingColumns(prediction),
  }
}

/** The columns that a change of an unsettled prediction may touch. */
export function changingColumns(prediction: Prediction) {
  return {
    status: prediction.status,
    excerpt: prediction.excerpt && formatJson(prediction.excerpt as unknown as Json),
    files: formatJson(prediction.files as unknown as Json),
    error: prediction.error,
    progress: prediction.progress === null ? null : formatJson(prediction.progress as Json),
    attempt: prediction.attempt,
    metrics: formatJson(prediction.metrics),
    remote: prediction.remote,
    revision: prediction.revision,
    started_at: prediction.startedAt,
    completed_at: prediction.completedAt,
  }
}

/** What a change added to the output: `from` is 0 when the whole is to be written anew. */
export function grownOutput(previous: Prediction, { output, iterates }: Prediction) {
  if (output === null) return { from: 0, part: null }
  if (!iterates || !isList(output)) return { from: 0, part: { whole: output } }
  const before = isList(previous.output) ? previous.output : []
  const grew = before.every((item, index) => item === output[index])
  const from = grew ? before.length : 0
  return { from, part: output.slice(from) }
}

/** Parts are lists of items one after the other, or one that holds the whole. */
function outputFrom(parts: readonly Json[]): Json {
  const [first] = parts
  if (first === undefined) return null
  return isObject(first) ? (first.whole ?? null) : parts.filter(isList).flat()
}

export function grownLogs(previous: Prediction, next: Prediction) {
  const grew = next.logs.startsWith(previous.logs)
  const from = grew ? previous.logs.length : 0
  return { from, text: next.logs.slice(from) }
}

export function shareFromRow({ token, prediction, created_at, revoked_at }: ShareRow): Share {
  return {
    token,
    prediction,
    createdAt: Number(created_at),
    revokedAt: revoked_at === null ? null : Number(revoked_at),
  }
}
