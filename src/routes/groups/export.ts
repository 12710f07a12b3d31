import { setImmediate } from 'node:timers/promises'
import contentDisposition from 'content-disposition'
import { type Context, Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import type { GroupMember, Plan, RunGroup } from '../../domain/group/group.ts'
import { formatJson, type JsonObject } from '../../domain/json/json.ts'
import { modelName } from '../../domain/model-ref.ts'
import { shownTo } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { PlaceRange } from '../../store/groups.ts'
import { predictionJson } from '../api/predictions/prediction-json.ts'
import { encoded } from '../files/large-output.ts'
import { sendInertContent } from '../files/output-content.ts'
import { linksOf } from '../files/output-formats.ts'
import { sendSelected } from '../history/archive.ts'
import { csvLines } from '../history/csv-export.ts'
import { auditEntry } from '../request/audit.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { groupInPath } from './find-group.ts'

/** The runs of a group that the viewer may see, as one file, in the order of their places. */
export function groupExportRoutes(deps: Deps) {
  return new Hono()
    .post('/g/:id/export.jsonl', async (c) => {
      const group = await exported(c, deps, 'as JSON lines')
      if (!group) return c.notFound()
      c.header('Content-Disposition', contentDisposition(`${group.id}.jsonl`))
      return sendInertContent(c, 'application/jsonl', encoded(jsonLines(c, deps, group)))
    })
    .post('/g/:id/export.csv', async (c) => {
      const group = await exported(c, deps, 'as CSV')
      if (!group) return c.notFound()
      const runs = {
        predictions: () => predictionsOf(c, deps, group),
        jsonOf: (prediction: Prediction) => jsonOf(c, deps, prediction),
        placeColumn: placeName(group),
      }
      c.header('Content-Disposition', contentDisposition(`${group.id}.csv`))
      return sendInertContent(c, 'text/csv', encoded(csvLines(runs, refusedOf(deps, group))))
    })
    .get('/g/:id/files.zip', async (c) => {
      const group = await groupInPath(c, deps, 'see')
      if (!group) return c.notFound()
      return sendSelected(c, deps, idsOf(deps, group), {
        name: `${group.id}.zip`,
        folderOf: ({ model, group: at }) => `${numbered(at?.place ?? 0)}-${model.name}`,
      })
    })
}

/** The group in the path, once the audit log has that it is exported. */
async function exported(c: Context, deps: Deps, detail: string): Promise<RunGroup | null> {
  const group = await groupInPath(c, deps, 'see')
  if (group) await deps.store.addEntry(auditEntry(c, deps, 'exported', `g/${group.id}`, { detail }))
  return group
}

/** The places of a batch are the lines of its file. */
function placeName({ kind }: RunGroup): string {
  return kind === 'batch' ? 'line' : 'place'
}

/** So that folders are in the order of their places. */
function numbered(place: number): string {
  return String(place).padStart(5, '0')
}

const pageLength = 200

/** All that has a place, read in pages. */
async function* inPages<T>(
  read: (range: PlaceRange) => Promise<readonly T[]>,
  placeOf: (one: T) => number,
): AsyncGenerator<T> {
  for (let from = 0; ; ) {
    const some = await read({ from, limit: pageLength })
    yield* some
    const last = some.at(-1)
    if (last === undefined || some.length < pageLength) return
    from = placeOf(last) + 1
  }
}

/** The ids of its predictions, in the order of their places. */
export async function* idsOf(deps: Deps, { id }: RunGroup): AsyncGenerator<string> {
  const members = inPages<GroupMember>(
    (range) => deps.store.membersOf(id, range),
    ({ group }) => group.place,
  )
  for await (const member of members) yield member.id
}

/** One is in memory at a time. */
async function* predictionsOf(c: Context, deps: Deps, group: RunGroup): AsyncGenerator<Prediction> {
  const viewer = viewerOf(c, deps)
  for await (const id of idsOf(deps, group)) {
    const prediction = await deps.store.find(id)
    if (prediction && mayWith(deps, viewer, 'see', prediction)) yield shownTo(viewer, prediction)
    // A database in this process answers within one turn of the event loop.
    await setImmediate()
  }
}

function jsonOf(c: Context, deps: Deps, prediction: Prediction): JsonObject {
  return predictionJson(prediction, linksOf(c, deps, { prediction, paths: deps.paths }))
}

/** The runs that became no predictions. */
async function* refusedOf(deps: Deps, group: RunGroup): AsyncGenerator<JsonObject> {
  const plans = inPages<Plan>(
    (range) => deps.store.plansOf(group.id, range),
    ({ place }) => place,
  )
  for await (const { place, model, problem } of plans)
    if (problem !== null)
      yield {
        [placeName(group)]: place,
        model: modelName(model),
        status: 'refused',
        error: problem,
      }
}

async function* jsonLines(c: Context, deps: Deps, group: RunGroup): AsyncGenerator<string> {
  for await (const prediction of predictionsOf(c, deps, group)) {
    const place = { [placeName(group)]: prediction.group?.place ?? null }
    yield `${formatJson({ ...place, ...jsonOf(c, deps, prediction) })}\n`
  }
  for await (const refused of refusedOf(deps, group)) yield `${formatJson(refused)}\n`
}
