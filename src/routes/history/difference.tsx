import { type Context, Hono } from 'hono'
import { DifferencePage } from '../../../views/difference/difference-page.tsx'
import { type ComparedPair, pictureViews } from '../../../views/difference/picture-pairs.tsx'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import { differenceOf, type PicturePair } from '../../domain/prediction/comparison/difference.ts'
import type { DrawnDifference } from '../../files/drawings/differences.ts'
import { createTurns, inTurns } from '../../sleep.ts'
import { findInPath } from '../prediction.tsx'
import { page } from '../request/page.tsx'
import { visibleTo } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { readCompared } from './compared.ts'

/** What differs between two predictions. */
export function differenceRoutes(deps: Deps) {
  const { paths, store } = deps
  return new Hono()
    .get('/p/:id/diff', async (c) => {
      const after = await findInPath(c, deps, 'see')
      if (!after) return c.notFound()
      const { model, createdBy, createdAt } = after
      const filter = {
        model,
        createdBy,
        createdBefore: createdAt,
        ...visibleTo(deps, viewerOf(c, deps)),
      }
      const [before] = (await store.page(filter, 1, null)).predictions
      if (before) return c.redirect(paths.difference(before.id, after.id), 303)
      const text = 'This is the first run of the model by whoever made it.'
      return page(c, deps, <MessagePage title='There is no run before' text={text} />, 404)
    })
    .get('/p/:id/diff/:other', async (c) => {
      const both = await readBoth(c, deps)
      if (!both) return c.notFound()
      const difference = await inTurns(differenceOf(both.before, both.after))
      const pairs = difference.output.kind === 'pictures' ? difference.output.pairs : []
      const compared = await Promise.all(pairs.map((pair) => withFigures(deps, pair)))
      const view = pictureViews.find((one) => one === c.req.query('as')) ?? 'slider'
      return page(c, deps, <DifferencePage {...{ ...both, difference, view }} pairs={compared} />)
    })
    .get('/p/:id/diff/:other/pictures/:at', async (c) => {
      const both = await readBoth(c, deps)
      const output = both && (await inTurns(differenceOf(both.before, both.after))).output
      const pair = output?.kind === 'pictures' ? output.pairs[Number(c.req.param('at'))] : undefined
      const drawn = pair ? await drawnDifference(deps, pair) : null
      if (!drawn) return c.notFound()
      return c.body(drawn.picture, 200, { 'Content-Type': 'image/webp' })
    })
}

async function readBoth(c: Context, deps: Deps) {
  const turn = createTurns()
  const before = await readCompared(c, deps, c.req.param('id') ?? '')
  await turn()
  const after = await readCompared(c, deps, c.req.param('other') ?? '')
  await turn()
  return before && after ? { before, after } : null
}

async function withFigures(deps: Deps, pair: PicturePair): Promise<ComparedPair> {
  return { ...pair, figures: (await drawnDifference(deps, pair))?.figures ?? null }
}

/** Null for pictures that are not stored as files. */
async function drawnDifference(
  { differences }: Deps,
  { before, after }: PicturePair,
): Promise<DrawnDifference | null> {
  return 'ref' in before && 'ref' in after ? differences.of(before, after) : null
}
