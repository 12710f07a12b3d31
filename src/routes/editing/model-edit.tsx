import { type Context, Hono } from 'hono'
import { EditPreview, ModelEditPage } from '../../../views/editing/model-edit-page.tsx'
import type { Deps } from '../../deps.ts'
import { withEdit } from '../../domain/model/edit.ts'
import { readEditTexts } from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { isCoverPicture } from '../files/cover-file.ts'
import { findAllowedFile } from '../files/find-file.ts'
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
  saveEdit,
} from './save-edit.ts'

/** The page on which operators edit a model. Its form may have a file, so it is read here. */
export function modelEditRoutes(deps: Deps) {
  return new Hono()
    .use('/:owner/:name/edit', operatorsOnly(deps))
    .get('/:owner/:name/edit', async (c) => {
      const model = await find(c, deps)
      return model ? draw(c, deps, model, openedForm(deps, model)) : c.notFound()
    })
    .post('/:owner/:name/edit', async (c) => {
      const sent = await readEdit(c, deps)
      const model = await find(c, deps)
      if (!model) return c.notFound()
      if (sent.pressed !== null)
        return draw(c, deps, model, await pressedForm(c, deps, model, sent))
      const refused = await saveEdit(c, deps, model, sent)
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
  const cover = await findAllowedFile(texts.cover, deps, viewerOf(c, deps))
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
