import { type Context, Hono } from 'hono'
import type { AccessRowProps } from '../../../views/editing/access-row.tsx'
import type { ChoicesRowProps } from '../../../views/editing/choices-row.tsx'
import { EditPreview, ModelEditPage } from '../../../views/editing/model-edit-page.tsx'
import type { Deps } from '../../deps.ts'
import { withEdit } from '../../domain/model/edit.ts'
import { readEditTexts } from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { parseModelRef } from '../../domain/model-ref.ts'
import { may } from '../../domain/policy.ts'
import { isCoverPicture } from '../files/cover-file.ts'
import { findAllowedFile } from '../files/find-file.ts'
import { readEdit, type SentEdit } from '../forms/edit-body.ts'
import { currentWarmth } from '../model-state.ts'
import { fragment, isPartial, page } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'
import { accessRow, changeAccess } from './access.ts'
import { choicesRow, readChoices } from './choices.ts'
import { refuseEditing } from './refusal.tsx'
import {
  type EditForm,
  editedIn,
  openedForm,
  ownTexts,
  pressedForm,
  saveEdit,
} from './save-edit.ts'
import { instancesRows, retentionRow } from './settings.ts'

/** The page on which a model’s owner and operators edit it. Its form may have a file, so it is read here. */
export function modelEditRoutes(deps: Deps) {
  return new Hono()
    .get('/:owner/:name/edit', async (c) => {
      const model = await find(c, deps)
      if (!model) return c.notFound()
      if (!mayEdit(c, deps, model)) return refuseEditing(c, deps, model.ref)
      return draw(c, deps, model, openedForm(deps, model))
    })
    .post('/:owner/:name/edit', async (c) => {
      const model = await find(c, deps)
      if (!model) return c.notFound()
      if (!mayEdit(c, deps, model)) return refuseEditing(c, deps, model.ref)
      const sent = await readEdit(c, deps)
      const rows = await changedRows(c, deps, model, sent)
      if (rows) {
        const changed = (await find(c, deps)) ?? model
        return draw(c, deps, changed, await pressedForm(c, deps, changed, sent), rows)
      }
      const isSave = sent.pressed === null
      const form = await (isSave ? saveEdit : pressedForm)(c, deps, model, sent)
      if (form) {
        const access = await accessRow(deps, model, sent.access, form.accessError)
        return draw(c, deps, model, form, { access })
      }
      return c.redirect(`${deps.paths.modelEdit(model.ref)}?saved=yes`, 303)
    })
}

/** The rows whose buttons take effect at once. */
interface Rows {
  readonly access?: AccessRowProps
  readonly choices?: ChoicesRowProps
}

/** Does what a button of those rows says; null when another one was pressed. */
async function changedRows(
  c: Context,
  deps: Deps,
  model: Model,
  sent: SentEdit,
): Promise<Rows | null> {
  const access = await changeAccess(c, deps, model, sent)
  if (access) return { access }
  const choices = await readChoices(c, deps, model, sent)
  return choices && { choices, access: await accessRow(deps, model, sent.access) }
}

function mayEdit(c: Context, deps: Deps, model: Model): boolean {
  return may(viewerOf(c, deps), 'change', { model })
}

async function find(c: Context, deps: Deps): Promise<Model | null> {
  const ref = parseModelRef(`${c.req.param('owner')}/${c.req.param('name')}`)
  return ref && usableModels(deps, viewerOf(c, deps)).findSoon(ref)
}

async function draw(c: Context, deps: Deps, model: Model, form: EditForm, rows: Rows = {}) {
  const { texts } = form
  const own = ownTexts(deps, model)
  const viewer = viewerOf(c, deps)
  const added = await deps.store.examplesOf(model.ref)
  // One that was made private since is not for everybody who edits the model.
  const examples = added.filter((one) => mayWith(deps, viewer, 'see', one))
  const pictures = examples.flatMap(({ made }) => made.filter(isCoverPicture))
  const found = await findAllowedFile(texts.cover, deps, viewer)
  const cover = found?.file ?? null
  const fields = readEditTexts(
    deps.runner.uneditedModel(model),
    texts,
    cover ? { file: cover } : null,
  )
  const edit = deps.edits.of(model.ref)
  const preview = withEdit(deps.runner.uneditedModel(model), { ...edit, fields })
  const { errors, conflicts, marks } = form
  const shown = {
    model,
    preview,
    cover,
    examples,
    pictures,
    marks,
    state: { texts, own, errors, conflicts },
    access: rows.access ?? (await accessRow(deps, model)),
    retention: retentionRow(c, deps),
    choices: rows.choices ?? choicesRow(c, deps, model),
    instances: instancesRows(c, deps, model),
    warmth: currentWarmth(deps, model),
    edited: editedIn(texts, own),
    isSaved: c.req.method === 'GET' && c.req.query('saved') === 'yes',
    last: edit.revision > 0 ? { at: edit.updatedAt, by: edit.updatedBy } : null,
  }
  if (isPartial(c)) return fragment(c, deps, <EditPreview {...shown} />)
  return page(c, deps, <ModelEditPage {...shown} />, statusOf(form, rows))
}

function statusOf({ errors, conflicts }: EditForm, rows: Rows): 200 | 409 | 422 {
  if (Object.keys(conflicts).length > 0) return 409
  const isWrong = (rows.access?.error ?? rows.choices?.error ?? null) !== null
  return isWrong || Object.keys(errors).length > 0 ? 422 : 200
}
