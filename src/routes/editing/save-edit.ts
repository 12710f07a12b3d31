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
  type FormErrors,
  type FormTexts,
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
import { giveAccess, readAccess } from './access.ts'
import { countsAsError } from './counts-as.ts'
import { askedSettings, readSettings, saveSettings, settingTexts } from './settings.ts'

/** The values and errors of the edit form. */
export interface EditForm {
  readonly texts: FormTexts
  /** The marks of what was saved when it was opened. */
  readonly marks: string
  readonly errors: FormErrors
  /** Why nobody is given access, as a sentence; null when nothing is wrong. */
  readonly accessError: string | null
  /** The fields that somebody else changed, too, with what is saved now. */
  readonly conflicts: FormErrors
}

const nothingWrong = { errors: {}, accessError: null, conflicts: {} }
const goneCover = 'This picture no longer exists. Choose another.'
const goneExample = 'This prediction no longer exists. Choose another.'

/** The form as it is opened. */
export function openedForm(deps: Deps, model: Model): EditForm {
  const texts = savedTexts(deps, model)
  return { texts, marks: marksOf(texts), ...nothingWrong }
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
  const texts = typedTexts(c, deps, model, sent)
  const form = { ...nothingWrong, texts, marks: sent.marks, errors: refusedCover(sent) }
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
  const now = savedTexts(deps, model)
  const typed = plainTexts(typedTexts(c, deps, model, sent))
  const { texts, conflicts } = joinedTexts(typed, now, sent.seen)
  const form = { ...nothingWrong, texts, marks: marksOf(now) }
  if (conflicts.length > 0) {
    const saved = Object.fromEntries(conflicts.map((name) => [name, now[name]]))
    return { ...form, errors: refusedCover(sent), conflicts: saved }
  }
  const reading = readSettings(deps, model, texts)
  const access = sent.access.grantee.trim() === '' ? null : await readAccess(deps, sent.access)
  const accessError = access && !access.ok ? access.sentence : null
  const cover = await coverOf(c, deps, edit.fields.cover, texts.cover)
  const errors = {
    ...editErrors(texts, now),
    ...(cover === 'gone' ? { cover: goneCover } : {}),
    ...(texts.example === now.example ? {} : await exampleError(c, deps, model, texts.example)),
    ...(texts.countsAs === now.countsAs ? {} : await countsAsError(c, deps, model, texts.countsAs)),
    ...refusedCover(sent),
    ...(reading.ok ? {} : reading.errors),
  }
  const isWrong = Object.keys(errors).length > 0 || accessError !== null
  if (cover === 'gone' || !reading.ok || isWrong) return { ...form, errors, accessError }
  const fields = readEditTexts(own, texts, cover)
  const changed = editNames.filter((name) => texts[name] !== now[name])
  const by = editorOf(c, deps, model.ref, edit.revision, changed)
  if (changed.length > 0 && !(await edits.save(model.ref, fields, by)))
    return saveEdit(c, deps, model, sent)
  await saveSettings(c, deps, model, reading.settings)
  if (access?.ok) await giveAccess(c, deps, model, access.grantee, sent.access)
  return null
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

function savedTexts(deps: Deps, model: Model): FormTexts {
  const { runner, edits } = deps
  const texts = editTexts(runner.uneditedModel(model), edits.of(model.ref).fields)
  return { ...texts, ...settingTexts(deps, model.ref) }
}

/** The saved texts, with those that were typed in the fields that the viewer has. */
function typedTexts(c: Context, deps: Deps, model: Model, sent: SentEdit): FormTexts {
  const asked = [...editNames, ...askedSettings(c, deps, model)]
  const typed = asked.flatMap((name) => {
    const text = sent.texts[name]
    return text === undefined ? [] : [[name, text]]
  })
  return { ...savedTexts(deps, model), ...Object.fromEntries(typed) }
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
