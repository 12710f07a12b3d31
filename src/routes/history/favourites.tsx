import { type Context, Hono } from 'hono'
import { StarButton } from '../../../views/panel/favourite-button.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { fragment, isPartial } from '../request/page.tsx'
import { pathBefore } from '../request/path-before.ts'
import { mayWith } from '../request/rights.ts'
import { ensureViewer, viewerOf } from '../request/viewer.ts'

/** The favourites of a viewer. */
export function favouriteRoutes(deps: Deps) {
  return new Hono().post('/p/:id/favourite', async (c) => {
    const id = c.req.param('id')
    const prediction = isId(id) ? await deps.runner.find(id) : null
    if (!prediction || !mayWith(deps, viewerOf(c, deps), 'see', prediction)) return c.notFound()
    const isFavourite = c.get('formFields').get('favourite') !== 'no'
    await deps.store.setFavourite(ensureViewer(c, deps).id, prediction, isFavourite)
    if (!isPartial(c)) return c.redirect(pathBefore(c) ?? deps.paths.prediction(id), 303)
    return fragment(c, deps, <StarButton {...{ prediction, isFavourite }} />)
  })
}

/** Whether a prediction is a favourite of the viewer. */
export async function isFavourite(c: Context, deps: Deps, id: string): Promise<boolean> {
  const viewer = viewerOf(c, deps)
  return viewer.id !== '' && (await deps.store.favouritesAmong(viewer.id, [id])).has(id)
}
