import { type Context, Hono } from 'hono'
import { EditPreview, ModelEditPage } from '../../../views/editing/model-edit-page.tsx'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { withEdit } from '../../domain/model/edit.ts'
import { readEditTexts } from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { coverIn, isCoverPicture } from '../files/cover-file.ts'
import { readEdit } from '../forms/edit-body.ts'
import { currentWarmth } from '../model-state.ts'
import { operatorsOnly } from '../request/operators.tsx'
import { fragment, isPartial, page } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import {
  type EditForm,
  editedIn,
  openedForm,
  ownTexts,
  pressedForm,
  saveCover,
  saveEdit,
} from './save-edit.ts'

const noCover = 'No picture for a cover'
const noCoverText =
  'A cover is a JPEG, PNG, WebP, GIF or AVIF picture. This prediction has none that can be read.'

/** The page on which operators edit a model. Its form may have a file, so it is read here. */
export function modelEditRoutes(deps: Deps) {
  return new Hono()
    .use('/:owner/:name/edit', operatorsOnly(deps))
    .use('/p/:id/cover', operatorsOnly(deps))
    .post('/p/:id/cover', async (c) => {
      const id = c.req.param('id')
      const prediction = isId(id) ? await deps.runner.find(id) : null
      const viewer = viewerOf(c, deps)
      if (!prediction || !may(viewer, 'see', prediction)) return c.notFound()
      const picture = coverIn(prediction)
      if (!picture || !(await saveCover(deps, prediction.model, picture, viewer.id)))
        return page(c, deps, <MessagePage title={noCover} text={noCoverText} />, 422)
      return c.redirect(`${deps.paths.modelEdit(prediction.model)}?saved=yes`, 303)
    })
    .get('/:owner/:name/edit', async (c) => {
      const model = await find(c, deps)
      return model ? draw(c, deps, model, openedForm(deps, model)) : c.notFound()
    })
    .post('/:owner/:name/edit', async (c) => {
      const sent = await readEdit(c, deps)
      const model = await find(c, deps)
      if (!model) return c.notFound()
      if (sent.pressed !== null) return draw(c, deps, model, await pressedForm(deps, model, sent))
      const refused = await saveEdit(deps, model, sent, viewerOf(c, deps).id)
      if (refused) return draw(c, deps, model, refused)
      return c.redirect(`${deps.paths.modelEdit(model.ref)}?saved=yes`, 303)
    })
}

async function find(c: Context, deps: Deps): Promise<Model | null> {
  const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
  return ref && usableModels(deps, viewerOf(c, deps)).findSoon(ref)
}

async function draw(c: Context, deps: Deps, model: Model, form: EditForm) {
  const { texts } = form
  const own = ownTexts(deps, model)
  const examples = await deps.store.examplesOf(model.ref)
  const pictures = examples.flatMap(({ made }) => made.filter(isCoverPicture))
  const cover = texts.cover === '' ? null : ((await deps.store.findFile(texts.cover))?.file ?? null)
  const fields = readEditTexts(
    deps.runner.uneditedModel(model),
    texts,
    cover ? { file: cover } : null,
  )
  const edit = deps.edits.of(model.ref)
  const preview = withEdit(deps.runner.uneditedModel(model), { ...edit, fields })
  const { errors, conflicts, marks } = form
  const shown = {
    ...{ model, preview, cover, examples, pictures, marks },
    state: { texts, own, errors, conflicts },
    warmth: currentWarmth(deps, model),
    edited: editedIn(texts, own),
    isSaved: c.req.method === 'GET' && c.req.query('saved') === 'yes',
    last: edit.revision > 0 ? { at: edit.updatedAt, by: edit.updatedBy } : null,
  }
  if (isPartial(c)) return fragment(c, deps, <EditPreview {...shown} />)
  return page(c, deps, <ModelEditPage {...shown} />, statusOf(form))
}

function statusOf({ errors, conflicts }: EditForm): 200 | 409 | 422 {
  if (Object.keys(conflicts).length > 0) return 409
  return Object.keys(errors).length > 0 ? 422 : 200
}
