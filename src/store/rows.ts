import type { StoredFile } from '../domain/file/file.ts'
import {
  formatJson,
  isList,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
} from '../domain/json/json.ts'
import { modelName, parseModelRef } from '../domain/model-ref.ts'
import type { Excerpt } from '../domain/output/large-output.ts'
import type { PredictionSummary } from '../domain/prediction/page.ts'
import {
  isSettled,
  type Prediction,
  type Progress,
  type Status,
} from '../domain/prediction/prediction.ts'
import { listedFiles, summaryOf } from '../domain/prediction/summary.ts'
import type { Webhook } from '../domain/prediction/webhook.ts'
import type { Share } from '../domain/share.ts'
import type { ChunkRow, PredictionRow, ShareRow } from './tables.ts'

type SummaryRow = Pick<PredictionRow, (typeof summaryColumns)[number]>
type StoredPredictionRow = Omit<PredictionRow, 'form_key' | 'owner' | 'heartbeat_at'>

/** The columns of a list: none of them ever holds much. */
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
  'visibility',
  'parent',
  'summary',
  'made',
] as const satisfies readonly (keyof PredictionRow)[]

/** Those of the whole. */
export const predictionColumns = [
  ...summaryColumns.filter((column) => column !== 'summary' && column !== 'made'),
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
  'remote',
  'deadline',
  'deployment',
  'webhook',
] as const satisfies readonly (keyof PredictionRow)[]

type WholeRow = Pick<PredictionRow, (typeof predictionColumns)[number]>

/** What a list reads of a row: of its error, only whether there is one. */
export type ListedRow = SummaryRow & { readonly erred: number }

// Rows were written by `predictionToRow`, so what is read back is what was put in.
export function summaryFromRow(row: ListedRow): PredictionSummary {
  return {
    ...commonOf(row),
    summary: row.summary ?? '',
    made: parseJson(row.made ?? '[]') as unknown as StoredFile[],
    erred: Number(row.erred) === 1,
  }
}

function commonOf(row: Omit<SummaryRow, 'summary' | 'made'>) {
  return {
    id: row.id,
    model: { owner: row.model_owner, name: row.model_name },
    version: row.version,
    status: row.status as Status,
    attempt: row.attempt,
    revision: row.revision,
    createdAt: Number(row.created_at),
    startedAt: row.started_at === null ? null : Number(row.started_at),
    completedAt: row.completed_at === null ? null : Number(row.completed_at),
    source: row.source as Prediction['source'],
    createdBy: row.created_by,
    visibility: row.visibility as Prediction['visibility'],
    parent: row.parent,
  }
}

export function isSettledRow({ status }: Pick<PredictionRow, 'status'>): boolean {
  return isSettled({ status: status as Status })
}

export function predictionFromRow(row: WholeRow, chunks: readonly ChunkRow[]): Prediction {
  const summary = {
    ...commonOf(row),
    provider: row.provider,
    input: parseJson(row.input) as JsonObject,
    excerpt: row.excerpt === null ? null : (parseJson(row.excerpt) as unknown as Excerpt),
    iterates: row.iterates === 1,
    files: parseJson(row.files) as unknown as StoredFile[],
    error: row.error,
    progress: row.progress === null ? null : (parseJson(row.progress) as Progress),
    metrics: parseJson(row.metrics) as JsonObject,
    remote: row.remote,
    deadline: row.deadline === null ? null : Number(row.deadline),
    deployment: row.deployment === null ? null : parseModelRef(row.deployment),
    webhook: row.webhook === null ? null : (parseJson(row.webhook) as unknown as Webhook),
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
    summary: summaryOf(prediction),
    ...changingColumns(prediction),
    ...fileColumns(prediction),
  }
}

/** The columns that a change of an unsettled prediction may touch. */
export function changingColumns(prediction: Prediction) {
  return {
    status: prediction.status,
    excerpt: prediction.excerpt && formatJson(prediction.excerpt as unknown as Json),
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

/** The columns that change when files are made: for a thousand files that is much to write. */
export function fileColumns(prediction: Prediction) {
  return {
    files: formatJson(prediction.files as unknown as Json),
    made: formatJson(listedFiles(prediction) as unknown as Json),
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
