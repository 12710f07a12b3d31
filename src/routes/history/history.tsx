import { type Context, Hono } from 'hono'
import { mostChildren } from '../../../views/history/history-list.tsx'
import { type DeletionResult, PredictionsPage } from '../../../views/pages/predictions-page.tsx'
import type { Deps } from '../../deps.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { PredictionSummary } from '../../domain/prediction/prediction-list.ts'
import { page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { filterOf, makerChoices, readChosen } from './filter.ts'
import { listedGroups } from './listed-groups.ts'

const pageLength = 50

/** The list of predictions. */
export function historyRoutes(deps: Deps) {
  const { store, paths } = deps
  return new Hono().get('/predictions', async (c) => {
    const chosen = readChosen(c)
    const before = c.req.query('before') || null
    const id = idIn(chosen.q)
    if (id !== null && (await mayOpen(c, deps, id))) return c.redirect(paths.prediction(id), 303)
    const filter = await filterOf(c, deps, chosen)
    const found = await store.page(filter, pageLength, before)
    const viewer = viewerOf(c, deps)
    const models = await usableModels(deps, viewer).all()
    const view = (
      <PredictionsPage
        page={found}
        chosen={chosen}
        models={models.map(({ ref }) => modelName(ref))}
        makers={await makerChoices(c, deps, chosen)}
        isFirst={before === null}
        deletion={deletionIn(c)}
        now={deps.now()}
        {...(await besides(c, deps, found.predictions, chosen.view === 'grid'))}
        groups={await listedGroups(deps, viewer, filter.isTop ? found.predictions : [])}
      />
    )
    return page(c, deps, view)
  })
}

/** The favourites and the sub-runs among the listed predictions. */
async function besides(
  c: Context,
  deps: Deps,
  predictions: readonly PredictionSummary[],
  isGrid: boolean,
) {
  const { store } = deps
  const viewer = viewerOf(c, deps)
  const ids = predictions.map(({ id }) => id)
  const started = isGrid ? [] : await store.childrenAmong(ids, mostChildren + 1)
  // Those of a private model are private, whatever started them.
  const children = new Map(
    [...started].map(([id, runs]) => [id, runs.filter((one) => mayWith(deps, viewer, 'see', one))]),
  )
  return { children, favourites: await store.favouritesAmong(viewer.id, ids) }
}

/** The id in a search for an id, or for the address of a prediction. */
function idIn(search: string): string | null {
  return /(?:^|\/)([a-z2-7]{26})$/.exec(search)?.[1] ?? null
}

async function mayOpen(c: Context, deps: Deps, id: string): Promise<boolean> {
  const prediction = await deps.runner.find(id)
  return prediction !== null && mayWith(deps, viewerOf(c, deps), 'see', prediction)
}

/** The result of a deletion of several, which redirects here. */
function deletionIn(c: Context): DeletionResult | null {
  const [deleted, left] = [c.req.query('deleted'), c.req.query('left')].map((text) =>
    /^\d{1,4}$/.test(text ?? '') ? Number(text) : 0,
  )
  return deleted || left ? { deleted: deleted ?? 0, left: left ?? 0 } : null
}
