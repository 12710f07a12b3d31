import { type Context, Hono } from 'hono'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/policy.ts'
import { coverIn } from '../files/cover-file.ts'
import { page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { refuseEditing } from './refusal.tsx'
import { saveCover } from './save-edit.ts'

/** Makes the picture of a prediction the cover of its model. */
export function coverChoiceRoutes(deps: Deps) {
  return new Hono().post('/p/:id/cover', async (c) => {
    const id = c.req.param('id')
    const prediction = isId(id) ? await deps.runner.find(id) : null
    const viewer = viewerOf(c, deps)
    if (!prediction || !mayWith(deps, viewer, 'see', prediction)) return c.notFound()
    const model = deps.runner.modelSubject(prediction.model)
    if (!may(viewer, 'change', { model })) return refuseEditing(c, deps, model.ref)
    if (!mayWith(deps, viewer, 'show as cover', prediction)) return refusePrivate(c, deps)
    const picture = coverIn(prediction)
    if (picture && (await saveCover(c, deps, prediction.model, picture)))
      return c.redirect(`${deps.paths.modelEdit(prediction.model)}?saved=yes`, 303)
    const text =
      'A cover is a JPEG, PNG, WebP, GIF or AVIF picture. This prediction has none that can be read.'
    return page(c, deps, <MessagePage title='No picture for a cover' text={text} />, 422)
  })
}

function refusePrivate(c: Context, deps: Deps) {
  const text =
    'Everyone who sees the model sees its cover, and this prediction is private. Its maker can make it public first.'
  return page(c, deps, <MessagePage title='This prediction is private' text={text} />, 403)
}
