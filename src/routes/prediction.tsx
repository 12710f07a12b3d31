import { type Context, Hono } from 'hono'
import { DeletionPage } from '../../views/pages/deletion-page.tsx'
import { GonePanel } from '../../views/pages/message-page.tsx'
import { PredictionPage } from '../../views/pages/prediction-page.tsx'
import type { DeliveryLogProps } from '../../views/panel/delivery-log.tsx'
import type { Maker } from '../../views/workspace/made-with.tsx'
import { hasPeople } from '../config.ts'
import type { Deps } from '../deps.ts'
import { isId } from '../domain/id.ts'
import type { AuditAction } from '../domain/people/audit.ts'
import type { PredictionAction } from '../domain/policy.ts'
import { isSettled, type Prediction } from '../domain/prediction/prediction.ts'
import { linkMeta } from './files/link-meta.ts'
import { sendInertText } from './files/output-content.ts'
import { findGroup } from './groups/find-group.ts'
import { judgementBox } from './judgement/judgement-box.ts'
import { type Panels, refreshSeconds } from './panels/panels.ts'
import { viewerActions } from './panels/viewer-actions.ts'
import { findAllowed } from './people/looks.ts'
import { predictionEntry } from './request/audit.ts'
import { fragment, isPartial, originOf, page } from './request/page.tsx'
import { pathBefore } from './request/path-before.ts'
import { isForEveryone, mayWith } from './request/rights.ts'
import { viewerOf } from './request/viewer.ts'
import { linksOf, shareBox } from './shares/links.ts'

/** A cancel is answered when the run has ended, or after this. */
const cancelWaitMs = 300

/** The panel. Watching browsers request it over and over, so it is routed before the middleware of pages. */
export function panelRoutes(deps: Deps, panels: Panels) {
  return new Hono().get('/p/:id/panel', async (c) => {
    const prediction = await findInPath(c, deps, 'see')
    return prediction ? panels.answer(c, prediction) : fragment(c, deps, <GonePanel />, 404)
  })
}

/** The page of a prediction, and its actions. */
export function predictionPageRoutes(deps: Deps, panels: Panels) {
  const { runner, store, paths } = deps

  function recording(c: Context, action: AuditAction, prediction: Prediction, detail = '') {
    return store.recording(predictionEntry(c, deps, action, prediction, detail))
  }

  return new Hono()
    .get('/p/:id', async (c) => {
      const prediction = await findInPath(c, deps, 'see')
      if (!prediction) return c.notFound()
      return page(c, deps, await drawPrediction(c, deps, panels, prediction))
    })
    .get('/p/:id/logs.txt', async (c) => {
      const prediction = await findInPath(c, deps, 'see')
      return prediction ? sendInertText(c, 'text/plain', prediction.logs) : c.notFound()
    })
    .post('/p/:id/cancellation', async (c) => {
      const prediction = await findInPath(c, deps, 'cancel')
      if (!prediction) return c.notFound()
      runner.cancel(prediction.id).catch((error) => deps.log.error({ error }, 'A cancel failed'))
      const after = await runner.settledWithin(prediction.id, cancelWaitMs)
      if (!isPartial(c)) return c.redirect(pathBefore(c) ?? paths.prediction(prediction.id), 303)
      return panels.answer(c, after ?? prediction)
    })
    .post('/p/:id/visibility', async (c) => {
      const prediction = await findInPath(c, deps, 'change visibility')
      if (!prediction) return c.notFound()
      const isPrivate = c.get('formFields').get('visibility') === 'private'
      await setVisibility(c, deps, prediction, isPrivate ? 'private' : 'public')
      return c.redirect(pathBefore(c) ?? paths.prediction(prediction.id), 303)
    })
    .post('/p/:id/example', async (c) => {
      const prediction = await findInPath(c, deps, 'show as example')
      if (!prediction || !isSettled(prediction)) return c.notFound()
      const shown = c.get('formFields').get('shown') !== 'no'
      const detail = shown ? 'shown as an example' : 'no longer an example'
      const change = recording(c, 'prediction changed', prediction, detail)
      await change.setExample(prediction, shown, deps.now())
      // Everyone sees an example who sees its model.
      if (shown) await setVisibility(c, deps, prediction, 'public')
      return c.redirect(paths.modelExamples(prediction.model), 303)
    })
    .get('/p/:id/deletion', async (c) => {
      const prediction = await findInPath(c, deps, 'delete')
      if (!prediction) return c.notFound()
      const links = (await linksOf(deps, { kind: 'prediction', id: prediction.id }, '')).length
      return page(c, deps, <DeletionPage {...{ prediction, links }} />)
    })
    .post('/p/:id/deletion', async (c) => {
      const prediction = await findInPath(c, deps, 'delete')
      if (!prediction) return c.notFound()
      await runner.remove(prediction.id, predictionEntry(c, deps, 'prediction deleted', prediction))
      return c.redirect(paths.predictions(), 303)
    })
}

async function setVisibility(
  c: Context,
  deps: Deps,
  prediction: Prediction,
  visibility: Prediction['visibility'],
): Promise<void> {
  if (visibility === prediction.visibility) return
  const detail = `made ${visibility}`
  const entry = predictionEntry(c, deps, 'prediction changed', prediction, detail)
  await deps.runner.show(prediction.id, visibility, entry)
}

/** The page of a prediction that the viewer may see. */
export async function drawPrediction(
  c: Context,
  deps: Deps,
  panels: Panels,
  prediction: Prediction,
) {
  const panel = await panels.props(c, prediction)
  const mayShare = mayWith(deps, viewerOf(c, deps), 'share', prediction)
  const more = {
    share: await shareBox(c, deps, { kind: 'prediction', id: prediction.id }, mayShare),
    deliveries: await deliveryLog(deps, prediction),
    actions: await viewerActions(c, deps, prediction),
    maker: await makerOf(c, deps, prediction),
    group: await findGroup(deps, viewerOf(c, deps), prediction.group?.id ?? '', 'see'),
    judgement: await judgementBox(c, deps, prediction),
    link: isForEveryone(deps, prediction)
      ? linkMeta(originOf(c, deps), prediction, { ...deps.paths, picture: deps.paths.file })
      : null,
  }
  return <PredictionPage {...panel} {...more} refreshSeconds={refreshSeconds(panel)} />
}

/** The prediction in the path; null when there is none, or the viewer may not do this to it. */
export function findInPath(
  c: Context,
  deps: Deps,
  action: PredictionAction,
): Promise<Prediction | null> {
  return findAllowed(c, deps, viewerOf(c, deps), c.req.param('id') ?? '', action)
}

/** Who made a prediction or a group, and for which account; viewers who are known by a cookie have no name. */
export async function makerOf(
  c: Context,
  deps: Deps,
  { createdBy, account }: Pick<Prediction, 'createdBy' | 'account'>,
): Promise<Maker | undefined> {
  if (createdBy === '') return undefined
  const names = hasPeople(deps.config)
    ? await deps.accountNames.among([createdBy, account])
    : new Map<string, string>()
  const group = account === createdBy ? null : (names.get(account) ?? null)
  if (createdBy === viewerOf(c, deps).id) return { name: 'you', who: 'me', group }
  const name = names.get(createdBy)
  return name === undefined || isId(createdBy) ? undefined : { name, who: name, group }
}

async function deliveryLog(deps: Deps, prediction: Prediction): Promise<DeliveryLogProps | null> {
  const { webhook } = prediction
  if (!webhook) return null
  return { webhook, deliveries: await deps.store.deliveriesOf(prediction.id) }
}
