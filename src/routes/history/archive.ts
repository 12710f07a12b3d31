import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { formatJson } from '../../domain/json/json.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import type { ArchiveEntry } from '../files/archive.ts'
import { entriesOf, sendZip, streamOf } from '../files/output-content.ts'
import { linksOf } from '../files/output-formats.ts'
import { findAllowed } from '../people/looks.ts'
import { viewerOf } from '../request/viewer.ts'

interface Archive {
  readonly name: string
  /** The name of the folder of a prediction; unique. */
  folderOf(prediction: Prediction): string
}

const ofPredictions: Archive = {
  name: 'predictions.zip',
  folderOf: ({ model, id }) => `${model.name}-${id}`,
}

type Ids = Iterable<string> | AsyncIterable<string>

/** Sends the files and the JSON of predictions as one zip, in a folder for each. */
export function sendSelected(c: Context, deps: Deps, ids: Ids, archive = ofPredictions): Response {
  return sendZip(c, archive.name, entriesOfAll(c, deps, ids, archive))
}

/** One prediction is in memory at a time. */
async function* entriesOfAll(
  c: Context,
  deps: Deps,
  ids: Ids,
  { folderOf }: Archive,
): AsyncGenerator<ArchiveEntry> {
  const viewer = viewerOf(c, deps)
  for await (const id of ids) {
    const prediction = await findAllowed(c, deps, viewer, id)
    if (!prediction) continue
    const folder = folderOf(prediction)
    const json = predictionJson(prediction, linksOf(c, deps, { prediction, paths: deps.paths }))
    yield {
      name: `${folder}/prediction.json`,
      open: async () => streamOf(new TextEncoder().encode(`${formatJson(json, 2)}\n`)),
      madeAt: prediction.createdAt,
    }
    for (const entry of entriesOf(deps.files, prediction))
      yield { ...entry, name: `${folder}/files/${entry.name}` }
  }
}
