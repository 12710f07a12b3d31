import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file/file.ts'
import { type EditedCover, noFields } from '../../domain/model/edit.ts'
import {
  type EditErrors,
  type EditName,
  type EditTexts,
  editErrors,
  editNames,
  editTexts,
  joinedTexts,
  plainTexts,
  readEditTexts,
} from '../../domain/model/edit-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { type ModelRef, modelName, sameModel } from '../../domain/model-ref.ts'
import type { Editor } from '../../runner/model-edits.ts'
import { coverFile, isCoverPicture } from '../files/cover-file.ts'
import { findAllowedFile } from '../files/find-file.ts'
import { marksOf, type SentEdit } from '../forms/edit-body.ts'
import { auditEntry } from '../request/audit.ts'
import { mayWith } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import { countsAsError } from './counts-as.ts'

/** The values and errors of the edit form. */
export interface EditForm {
  readonly texts: EditTexts
  /** The marks of what was saved when it was opened. */
  readonly marks: string
  readonly errors: EditErrors
  /** The fields that somebody else changed, too, with what is saved now. */
  readonly conflicts: EditErrors
}

const goneCover = 'This picture no longer exists. Choose another.'
const goneExample = 'This prediction no longer exists. Choose another.'

/** The form as it is opened. */
export function openedForm(deps: Deps, model: Model): EditForm {
  const texts = savedTexts(deps, model)
  return { texts, marks: marksOf(texts), errors: {}, conflicts: {} }
}

/** The texts of the model without its edits. */
export function ownTexts({ runner }: Deps, model: Model): EditTexts {
  return editTexts(runner.uneditedModel(model), noFields)
}

/** The form after one of its buttons: nothing is saved, and what was typed stays. */
export async function pressedForm(
  c: Context,
  deps: Deps,
  model: Model,
  sent: SentEdit,
): Promise<EditForm> {
  const [action = '', target = ''] = (sent.pressed ?? '').split(' ')
  const { texts, marks } = sent
  const form = { texts, marks, errors: refusedCover(sent), conflicts: {} }
  if (action === 'restore') {
    const own = ownTexts(deps, model)
    const restored = editNames.filter((name) => target === 'all' || name === target)
    const changed = Object.fromEntries(restored.map((name) => [name, own[name]]))
    return { ...form, texts: { ...texts, ...changed } }
  }
  if (action !== 'cover') return form
  const viewer = viewerOf(c, deps)
  const picture = await findAllowedFile(target, deps, viewer)
  const of = picture?.of ?? null
  const isFree = of === null || mayWith(deps, viewer, 'show as cover', of)
  const file = picture && isFree && (await coverFile(deps, picture.file, viewer.id))
  if (!file) return { ...form, errors: { cover: goneCover } }
  return { ...form, texts: { ...texts, cover: file.ref } }
}

/** Saves what was typed; resolves with the form when that was refused. */
export async function saveEdit(
  c: Context,
  deps: Deps,
  model: Model,
  sent: SentEdit,
): Promise<EditForm | null> {
  const { edits, runner } = deps
  const own = runner.uneditedModel(model)
  const edit = edits.of(model.ref)
  const now = editTexts(own, edit.fields)
  const { texts, conflicts } = joinedTexts(plainTexts(sent.texts), now, sent.seen)
  if (conflicts.length > 0) {
    const saved = Object.fromEntries(conflicts.map((name) => [name, now[name]]))
    return { texts, marks: marksOf(now), errors: refusedCover(sent), conflicts: saved }
  }
  const cover = await coverOf(c, deps, edit.fields.cover, texts.cover)
  const errors = {
    ...editErrors(texts, now),
    ...(cover === 'gone' ? { cover: goneCover } : {}),
    ...(texts.example === now.example ? {} : await exampleError(c, deps, model, texts.example)),
    ...(texts.countsAs === now.countsAs ? {} : await countsAsError(c, deps, model, texts.countsAs)),
    ...refusedCover(sent),
  }
  const isWrong = Object.keys(errors).length > 0
  if (cover === 'gone' || isWrong) return { texts, marks: marksOf(now), errors, conflicts: {} }
  const fields = readEditTexts(own, texts, cover)
  const changed = editNames.filter((name) => texts[name] !== now[name])
  const by = editorOf(c, deps, model.ref, edit.revision, changed)
  if (await edits.save(model.ref, fields, by)) return null
  return saveEdit(c, deps, model, sent)
}

/** Makes a picture the cover of a model; false when it cannot be drawn. */
export async function saveCover(
  c: Context,
  deps: Deps,
  ref: ModelRef,
  picture: StoredFile,
): Promise<boolean> {
  const file = await coverFile(deps, picture, viewerOf(c, deps).id)
  if (!file) return false
  let saved = false
  while (!saved) {
    const { revision } = deps.edits.of(ref)
    const by = editorOf(c, deps, ref, revision, ['cover'])
    saved = await deps.edits.save(ref, { cover: { file } }, by)
  }
  return true
}

/** Who changes which fields of a model, for its edit and for the audit log. */
function editorOf(
  c: Context,
  deps: Deps,
  ref: ModelRef,
  revision: number,
  changed: readonly EditName[],
): Editor {
  const detail = changed.join(', ')
  const entry = auditEntry(c, deps, 'model changed', modelName(ref), { detail })
  return { viewer: viewerOf(c, deps).id, revision, entry }
}

function savedTexts({ runner, edits }: Deps, model: Model): EditTexts {
  return editTexts(runner.uneditedModel(model), edits.of(model.ref).fields)
}

function refusedCover({ refused }: SentEdit): EditErrors {
  return refused === null ? {} : { cover: refused }
}

/** The cover that a text stands for. */
async function coverOf(
  c: Context,
  deps: Deps,
  before: EditedCover | null,
  text: string,
): Promise<EditedCover | null | 'gone'> {
  if (text === '') return null
  if (before && ('file' in before ? before.file.ref : before.url) === text) return before
  const found = await findAllowedFile(text, deps, viewerOf(c, deps))
  if (!found || !isCoverPicture(found.file)) return 'gone'
  // A file that belongs to a prediction is deleted with it.
  return found.prediction === null ? { file: found.file } : 'gone'
}

async function exampleError(c: Context, deps: Deps, model: Model, id: string): Promise<EditErrors> {
  if (id === '') return {}
  const prediction = await deps.runner.find(id)
  const isThere =
    prediction !== null &&
    sameModel(prediction.model, model.ref) &&
    mayWith(deps, viewerOf(c, deps), 'see', prediction)
  return isThere ? {} : { example: goneExample }
}

/** The fields of a form that are not as the model says. */
export function editedIn(texts: EditTexts, own: EditTexts): readonly EditName[] {
  return editNames.filter((name) => texts[name] !== own[name])
}
