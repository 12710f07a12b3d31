import { setImmediate } from 'node:timers/promises'
import contentDisposition from 'content-disposition'
import { type Context, Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { formatJson } from '../../domain/json/json.ts'
import { shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import { encoded } from '../files/large-output.ts'
import { sendInertContent } from '../files/output-content.ts'
import { linksOf } from '../files/output-formats.ts'
import { auditEntry } from '../request/audit.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { csvLines } from './csv-export.ts'
import { filterOf, readChosen } from './filter.ts'

/** Every prediction that a filter of the list finds, as one file. */
export function exportRoutes(deps: Deps) {
  const keepEntry = (c: Context, detail: string) =>
    deps.store.addEntry(auditEntry(c, deps, 'exported', 'predictions', { detail }))

  return new Hono()
    .post('/predictions/export.jsonl', async (c) => {
      await keepEntry(c, 'as JSON lines')
      c.header('Content-Disposition', contentDisposition('predictions.jsonl'))
      return sendInertContent(c, 'application/jsonl', encoded(jsonLines(c, deps)))
    })
    .post('/predictions/export.csv', async (c) => {
      await keepEntry(c, 'as CSV')
      c.header('Content-Disposition', contentDisposition('predictions.csv'))
      return sendInertContent(c, 'text/csv', encoded(csvOfFound(c, deps)))
    })
}

const pageLength = 50

/** The predictions, newest first, read while they are sent: as many as there are. */
async function* found(c: Context, deps: Deps): AsyncGenerator<Prediction> {
  const filter = await filterOf(c, deps, readChosen(c))
  const viewer = viewerOf(c, deps)
  let before: string | null = null
  do {
    const page = await deps.store.page(filter, pageLength, before)
    for (const { id } of page.predictions) {
      const prediction = await deps.store.find(id)
      if (prediction && mayWith(deps, viewer, 'see', prediction)) yield shownTo(viewer, prediction)
      // A database in this process answers within one turn of the event loop.
      await setImmediate()
    }
    before = page.next
  } while (before !== null)
}

async function* jsonLines(c: Context, deps: Deps): AsyncGenerator<string> {
  for await (const prediction of found(c, deps)) {
    const links = linksOf(c, deps, { prediction, paths: deps.paths })
    yield `${formatJson(predictionJson(prediction, links))}\n`
  }
}

async function* csvOfFound(c: Context, deps: Deps): AsyncGenerator<string> {
  yield* csvLines({
    predictions: () => found(c, deps),
    jsonOf: (prediction) =>
      predictionJson(prediction, linksOf(c, deps, { prediction, paths: deps.paths })),
    placeColumn: null,
  })
}
