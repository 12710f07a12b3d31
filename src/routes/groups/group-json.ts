import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { isoTime } from '../../../views/format.tsx'
import type { Deps } from '../../deps.ts'
import { cellsOf, type GroupCell } from '../../domain/group/cells.ts'
import { noRuns } from '../../domain/group/group.ts'
import { groupStatus, progressOf } from '../../domain/group/progress.ts'
import type { JsonObject } from '../../domain/json/json.ts'
import { modelName } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { apiStatus } from '../../domain/prediction/api-status.ts'
import type { Paths } from '../../paths.ts'
import { sendInertJson } from '../files/output-content.ts'
import { originOf } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { findGroup, seenAs } from './find-group.ts'
import { maySeeCell, type SeenGroup } from './group-values.ts'

const usualLimit = 100
const mostLimit = 1_000

/** Groups of runs for programs: `/g/ID` for those that accept JSON, and `/g/ID.json`. */
export function groupJsonRoutes(deps: Deps) {
  return new Hono().get('/g/:id', async (c, next) => {
    const [id = '', ending] = c.req.param('id').split('.')
    if (ending !== 'json' && !asksForJson(c)) return next()
    const viewer = viewerOf(c, deps)
    const group = await findGroup(deps, viewer, id, 'see')
    return group ? sendGroupJson(c, deps, seenAs(deps, viewer, group)) : c.notFound()
  })
}

/** Whether a request for a page of a group is one of a program. */
export function asksForJson(c: Context): boolean {
  c.header('Vary', 'Accept', { append: true })
  const supports = ['text/html', 'application/json']
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) === 'application/json'
}

/** A group with some of its runs, in the order of their places. Query: `from`, `limit`. */
export async function sendGroupJson(c: Context, deps: Deps, seen: SeenGroup): Promise<Response> {
  const { group, paths } = seen
  const from = numberIn(c.req.query('from'), 0)
  const limit = Math.min(Math.max(1, numberIn(c.req.query('limit'), usualLimit)), mostLimit)
  const counts = (await deps.store.countsOf([group.id])).get(group.id) ?? noRuns
  const progress = progressOf(group, counts)
  const { all, done, failed, running, planned } = progress
  const range = { from, limit: limit + 1 }
  const plans = await deps.store.plansOf(group.id, range)
  const cells = cellsOf(await deps.store.membersOf(group.id, range), plans, limit + 1)
  const origin = originOf(c, deps)
  const next = cells[limit]?.place
  const query = new URLSearchParams({ from: String(next), limit: String(limit) })
  return sendInertJson(c, {
    id: group.id,
    kind: group.kind,
    title: group.title,
    axes: group.axes.map(({ input, values }) => ({ input, values })),
    models: group.models
      .filter(
        (ref) => seen.isShared || may(seen.viewer, 'see', { model: deps.runner.modelSubject(ref) }),
      )
      .map(modelName),
    status: apiStatus(groupStatus(group, progress)),
    stopped: group.stopped,
    counts: { all, done, failed, running, planned },
    visibility: group.visibility,
    source: group.source,
    created_at: isoTime(group.createdAt),
    urls: { get: origin + paths.groupJson(group.id), web: origin + paths.group(group.id) },
    runs: cells.slice(0, limit).map((cell) => cellJson(deps, seen, cell, origin)),
    next: next === undefined ? null : `${origin}${paths.groupJson(group.id)}?${query}`,
  })
}

function cellJson(deps: Deps, seen: SeenGroup, cell: GroupCell, origin: string): JsonObject {
  const { place } = cell
  if (!maySeeCell(deps, seen, cell)) return { place, id: null, status: 'private' }
  if (cell.kind === 'planned') {
    const { model, problem } = cell.plan
    const status = problem === null ? 'planned' : 'refused'
    return { place, id: null, model: modelName(model), status, error: problem }
  }
  const { id, model, version, status, createdAt, startedAt, completedAt } = cell.run
  return {
    place,
    id,
    model: modelName(model),
    version,
    status: apiStatus(status),
    created_at: isoTime(createdAt),
    started_at: startedAt === null ? null : isoTime(startedAt),
    completed_at: completedAt === null ? null : isoTime(completedAt),
    urls: urlsOf(seen.paths, id, origin),
  }
}

function urlsOf(paths: Paths, id: string, origin: string): JsonObject {
  return { get: origin + paths.predictionJson(id), web: origin + paths.prediction(id) }
}

/** A number of the query; the usual one where it is none. */
function numberIn(text: string | undefined, usual: number): number {
  return /^\d{1,8}$/.test(text ?? '') ? Number(text) : usual
}
