import { type Kysely, sql, type Transaction } from 'kysely'
import { isList, isObject, type Json } from '../../domain/json/json.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import { type JsonText, readJson, writeJson } from './prediction-rows.ts'
import type { ChunkRow, Tables } from './tables.ts'

export type ChunkBodies = readonly Pick<ChunkRow, 'part' | 'body'>[]

export function findChunks(db: Kysely<Tables>, prediction: string): Promise<ChunkBodies> {
  return db
    .selectFrom('chunks')
    .select(['part', 'body'])
    .where('prediction', '=', prediction)
    .orderBy('position')
    .execute()
}

/** The chunks of the prediction of a row, as a column of it: JSON of `ChunkBodies`. */
export const chunksColumn = sql<JsonText<ChunkBodies> | null>`(
  select json_agg(json_build_object('part', part, 'body', body) order by position)::text
  from chunks where chunks.prediction = predictions.id)`

export function readOutput(chunks: ChunkBodies): Json {
  const bodies = bodiesOf('output', chunks)
  const [first] = bodies
  if (first === undefined) return null
  return isObject(first) ? (first.whole ?? null) : bodies.filter(isList).flat()
}

export function readLogs(chunks: ChunkBodies): string {
  return bodiesOf('logs', chunks).join('')
}

function bodiesOf(part: ChunkRow['part'], chunks: ChunkBodies): Json[] {
  return chunks.filter((chunk) => chunk.part === part).map(({ body }) => readJson(body))
}

/** Appends what was added to the output and the logs; a settled prediction has no chunks. */
export async function saveChunks(
  trx: Transaction<Tables>,
  previous: Prediction,
  next: Prediction,
): Promise<void> {
  const { id } = next
  if (isSettled(next)) {
    if (previous.output !== null || previous.logs !== '') await dropChunks(trx, id)
    return
  }
  if (next.output !== previous.output) await saveOutput(trx, previous, next)
  if (next.logs !== previous.logs) await saveLogs(trx, previous, next)
}

export async function dropChunks(trx: Transaction<Tables>, prediction: string): Promise<void> {
  await trx.deleteFrom('chunks').where('prediction', '=', prediction).execute()
}

async function saveOutput(
  trx: Transaction<Tables>,
  previous: Prediction,
  { id, output, iterates }: Prediction,
) {
  if (output === null) return saveChunk(trx, id, 'output', 0, null)
  if (!iterates || !isList(output))
    return saveChunk(trx, id, 'output', 0, writeJson({ whole: output }))
  const before = isList(previous.output) ? previous.output : []
  const grew = before.every((item, index) => item === output[index])
  const from = grew ? before.length : 0
  return saveChunk(trx, id, 'output', from, writeJson(output.slice(from)))
}

async function saveLogs(trx: Transaction<Tables>, previous: Prediction, { id, logs }: Prediction) {
  const grew = logs.startsWith(previous.logs)
  const from = grew ? previous.logs.length : 0
  const text = logs.slice(from)
  return saveChunk(trx, id, 'logs', from, text === '' ? null : writeJson(text))
}

/** A chunk at position 0 replaces all that came before it. */
async function saveChunk(
  trx: Transaction<Tables>,
  prediction: string,
  part: ChunkRow['part'],
  position: number,
  body: JsonText<Json> | null,
) {
  if (position === 0)
    await trx
      .deleteFrom('chunks')
      .where('prediction', '=', prediction)
      .where('part', '=', part)
      .execute()
  if (body !== null)
    await trx.insertInto('chunks').values({ prediction, part, position, body }).execute()
}
