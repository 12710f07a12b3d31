import { type Context, Hono } from 'hono'
import { ComparisonPage } from '../../../views/difference/comparison-page.tsx'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import { SelectionDeletionPage } from '../../../views/pages/selection-deletion-page.tsx'
import type { Deps } from '../../deps.ts'
import type { RunGroup } from '../../domain/group/group.ts'
import { isId } from '../../domain/id.ts'
import { type GroupAction, may, type PredictionAction } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { idsOf } from '../groups/export.ts'
import { deleteGroup } from '../groups/group-pages.tsx'
import { predictionEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { mayWith } from '../request/rights.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'
import { sendSelected } from './archive.ts'
import { readCompared } from './compared.ts'

/** The most predictions of one selection. */
const mostSelected = 100

const mostCompared = 4

/** The actions on several predictions that were selected in the list. */
export function selectionRoutes(deps: Deps) {
  const { paths, runner, store } = deps
  return new Hono()
    .get('/predictions/compare', async (c) => {
      const ids = idsInQuery(c)
      const groups = await selectedGroups(c, deps, ids, 'see')
      const runs = await firstOf(withRuns(deps, ids, groups), mostSelected)
      const seen = await selected(c, deps, runs, 'see')
      if (seen.length < 2 || seen.length > mostCompared) return tooFewOrMany(c, deps)
      const [before, after, third] = seen
      if (before && after && !third) return c.redirect(paths.difference(before.id, after.id), 303)
      const read = await Promise.all(seen.map(({ id }) => readCompared(c, deps, id)))
      const [first, ...others] = read.filter((one) => one !== null)
      if (!first || others.length === 0) return tooFewOrMany(c, deps)
      return page(c, deps, <ComparisonPage first={first} others={others} />)
    })
    .get('/predictions/files.zip', async (c) => {
      const ids = idsInQuery(c)
      const groups = await selectedGroups(c, deps, ids, 'see')
      const seen = (await selected(c, deps, ids, 'see')).map(({ id }) => id)
      if (seen.length + groups.length === 0) return nothingSelected(c, deps)
      return sendSelected(c, deps, withRuns(deps, seen, groups))
    })
    .get('/predictions/deletion', async (c) => {
      const ids = idsInQuery(c)
      const own = (await selected(c, deps, ids, 'delete')).map(({ id }) => id)
      const groups = await selectedGroups(c, deps, ids, 'change')
      if (ids.length === 0) return nothingSelected(c, deps)
      const left = ids.length - own.length - groups.length
      return page(c, deps, <SelectionDeletionPage {...{ ids: own, groups, left }} />)
    })
    .post('/predictions/deletion', async (c) => {
      const ids = idsIn(c.get('formLists').get('id') ?? [])
      const own = await selected(c, deps, ids, 'delete')
      const removed = await Promise.all(
        own.map((one) =>
          runner.remove(one.id, predictionEntry(c, deps, 'prediction deleted', one)),
        ),
      )
      const groups = await selectedGroups(c, deps, ids, 'change')
      await Promise.all(groups.map((group) => deleteGroup(c, deps, group)))
      const deleted = removed.filter(Boolean).length + groups.length
      const result = new URLSearchParams({
        deleted: String(deleted),
        left: String(ids.length - deleted),
      })
      return c.redirect(`${paths.predictions()}?${result}`, 303)
    })
    .post('/predictions/favourites', async (c) => {
      const ids = idsIn(c.get('formLists').get('id') ?? [])
      const seen = await selected(c, deps, ids, 'see')
      const viewer = ensureViewer(c, deps)
      await Promise.all(seen.map((one) => store.setFavourite(viewer.id, one, true)))
      return c.redirect(pathBefore(c) ?? paths.predictions(), 303)
    })
}

function idsInQuery(c: Context): string[] {
  return idsIn([...(c.req.queries('id') ?? []), ...(c.req.query('ids') ?? '').split(',')])
}

function idsIn(texts: readonly string[]): string[] {
  return [...new Set(texts.filter(isId))].slice(0, mostSelected)
}

/** Those of the predictions to which the viewer may do this, in the order in which they are given. */
async function selected(c: Context, deps: Deps, ids: readonly string[], action: PredictionAction) {
  const viewer = viewerOf(c, deps)
  const found: Pick<Prediction, 'id' | 'createdAt' | 'account'>[] = []
  for (const id of ids) {
    const prediction = await deps.runner.find(id)
    // Not the whole predictions: they may be large.
    if (prediction && mayWith(deps, viewer, action, prediction))
      found.push({ id, createdAt: prediction.createdAt, account: prediction.account })
  }
  return found
}

/** The groups among what was selected to which the viewer may do this. */
async function selectedGroups(
  c: Context,
  deps: Deps,
  ids: readonly string[],
  action: GroupAction,
): Promise<readonly RunGroup[]> {
  const viewer = viewerOf(c, deps)
  const groups = await deps.store.groupsAmong(ids)
  return [...groups.values()].filter((group) => may(viewer, action, { group }))
}

/** The predictions that were selected, and then those of the groups. */
async function* withRuns(
  deps: Deps,
  ids: readonly string[],
  groups: readonly RunGroup[],
): AsyncGenerator<string> {
  yield* ids.filter((one) => !groups.some(({ id }) => id === one))
  for (const group of groups) yield* idsOf(deps, group)
}

async function firstOf(ids: AsyncIterable<string>, most: number): Promise<readonly string[]> {
  const first: string[] = []
  for await (const id of ids) {
    first.push(id)
    if (first.length === most) break
  }
  return first
}

function tooFewOrMany(c: Context, deps: Deps) {
  const text = `Select two to ${mostCompared} predictions in the list, then press Compare.`
  return page(c, deps, <MessagePage title='Select two or more' text={text} />, 422)
}

function nothingSelected(c: Context, deps: Deps) {
  const text = 'Select predictions in the list first. They may have been deleted.'
  return page(c, deps, <MessagePage title='Nothing is selected' text={text} />, 422)
}
