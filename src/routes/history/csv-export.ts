import { formatJson, isObject, type Json, type JsonObject } from '../../domain/json/json.ts'
import { ranMs, waitedMs } from '../../domain/prediction/durations.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { csvHead, csvRows } from '../files/csv.ts'

/** The inputs of so many predictions become columns; inputs that only later ones have share one. */
const mostSampled = 500
const mostColumns = 200

const first = ['id', 'model', 'version', 'status', 'created_at', 'waited_seconds', 'ran_seconds']
const last = ['output', 'error', 'other_inputs']

/** Predictions, and the places that they have in a group of runs. */
export interface ExportedRuns {
  /** Begins anew each time: the names of the inputs have to be known before the first line. */
  predictions(): AsyncIterable<Prediction>
  /** With its files as addresses. */
  jsonOf(prediction: Prediction): JsonObject
  /** The name of a first column with their places in their group; null for none. */
  readonly placeColumn: string | null
}

/** Predictions as lines of CSV, with every input; then more rows, by the names of the columns. */
export async function* csvLines(
  { predictions, jsonOf, placeColumn }: ExportedRuns,
  more: AsyncIterable<JsonObject> | readonly JsonObject[] = [],
): AsyncGenerator<string> {
  const names = await inputNames(predictions())
  const places = placeColumn === null ? [] : [placeColumn]
  const columns = [...places, ...first, ...names.map(inputColumn), ...last]
  const placeOf = ({ group }: Prediction): JsonObject =>
    placeColumn === null ? {} : { [placeColumn]: group?.place ?? null }
  yield csvHead(columns)
  for await (const one of predictions())
    yield csvRows(columns, [{ ...placeOf(one), ...rowOf(one, jsonOf(one), names) }])
  for await (const row of more) yield csvRows(columns, [row])
}

async function inputNames(predictions: AsyncIterable<Prediction>): Promise<string[]> {
  const names = new Set<string>()
  let sampled = 0
  for await (const { input } of predictions) {
    for (const name of Object.keys(input)) if (names.size < mostColumns) names.add(name)
    if (++sampled === mostSampled) break
  }
  return [...names]
}

function inputColumn(name: string): string {
  return `input.${name}`
}

function rowOf(prediction: Prediction, json: JsonObject, names: readonly string[]): JsonObject {
  const input = isObject(json.input) ? json.input : {}
  const known = new Set(names)
  const others = Object.entries(input).filter(([name]) => !known.has(name))
  return {
    id: prediction.id,
    model: json.model ?? null,
    version: prediction.version,
    status: prediction.status,
    created_at: json.created_at ?? null,
    waited_seconds: seconds(waitedMs(prediction)),
    ran_seconds: seconds(ranMs(prediction)),
    ...Object.fromEntries(names.map((name) => [inputColumn(name), cellOf(input[name] ?? null)])),
    output: cellOf(json.output ?? null),
    error: prediction.error,
    other_inputs: others.length === 0 ? null : formatJson(Object.fromEntries(others)),
  }
}

function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 1000
}

/** A list or an object is JSON in one cell. */
function cellOf(value: Json): Json {
  return typeof value === 'object' && value !== null ? formatJson(value) : value
}
