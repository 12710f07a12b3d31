import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { formatJson } from '../../domain/json/json.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import type { ArchiveEntry } from '../files/archive.ts'
import { entriesOf, sendZip, streamOf } from '../files/output-content.ts'
import { linksOf } from '../files/output-formats.ts'
import { findAllowed } from '../people/looks.ts'
import { viewerOf } from '../request/viewer.ts'

/** Sends the files and the JSON of predictions as one zip, in a folder for each. */
export function sendSelected(
  c: Context,
  deps: Deps,
  ids: Iterable<string> | AsyncIterable<string>,
): Response {
  return sendZip(c, 'predictions.zip', entriesOfAll(c, deps, ids))
}

/** One prediction is in memory at a time. */
async function* entriesOfAll(
  c: Context,
  deps: Deps,
  ids: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<ArchiveEntry> {
  const viewer = viewerOf(c, deps)
  for await (const id of ids) {
    const prediction = await findAllowed(c, deps, viewer, id)
    if (!prediction) continue
    const folder = `${prediction.model.name}-${id}`
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
