import { type Context, Hono } from 'hono'
import { CollectionEditPage, CollectionsPage } from '../../../views/editing/collections-page.tsx'
import { ConfirmationPage } from '../../../views/editing/confirmation-page.tsx'
import type { Deps } from '../../deps.ts'
import type { CollectionRecord } from '../../domain/model/collection.ts'
import {
  type CollectionErrors,
  type CollectionTexts,
  collectionTexts,
  readCollection,
} from '../../domain/model/collection-texts.ts'
import type { Model } from '../../domain/model/model.ts'
import { modelName } from '../../domain/model-ref.ts'
import { auditEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'
import { usableModels } from '../request/usable-models.ts'
import { viewerOf } from '../request/viewer.ts'

/** The pages on which operators make and change collections. Below `/settings`, which is for them alone. */
export function collectionSettingsRoutes(deps: Deps) {
  const { collections, paths } = deps
  return new Hono()
    .get('/settings/collections', (c) => drawNew(c, deps, opened(noTexts, 0)))
    .post('/settings/collections', async (c) => {
      const form = opened(textsIn(c), 0)
      const saved = await save(c, deps, form, null)
      if ('texts' in saved) return drawNew(c, deps, saved)
      return c.redirect(paths.collection(saved.slug), 303)
    })
    .get('/settings/collections/:slug', (c) => {
      const known = collections.find(c.req.param('slug'))
      if (!known) return c.notFound()
      return draw(c, deps, known, opened(collectionTexts(known), known.revision))
    })
    .post('/settings/collections/:slug', async (c) => {
      const known = collections.find(c.req.param('slug'))
      if (!known) return c.notFound()
      const revision = Number(c.get('formFields').get('revision'))
      const saved = await save(
        c,
        deps,
        opened({ ...textsIn(c), slug: known.slug }, revision),
        known,
      )
      if ('texts' in saved) return draw(c, deps, known, saved)
      return c.redirect(paths.collection(known.slug), 303)
    })
    .get('/settings/collections/:slug/deletion', (c) => {
      const known = collections.find(c.req.param('slug'))
      if (!known) return c.notFound()
      const shown = {
        question: 'Delete this collection?',
        text: `“${known.title}” and its address will be gone. Its models stay.`,
        button: 'Delete',
        action: paths.collectionDeletion(known.slug),
        back: paths.collectionSetting(known.slug),
      }
      return page(c, deps, <ConfirmationPage {...shown} />)
    })
    .post('/settings/collections/:slug/deletion', async (c) => {
      const slug = c.req.param('slug')
      const removed = await collections.remove(slug, entryOf(c, deps, slug, 'deleted'))
      return removed ? c.redirect(paths.collectionSettings(), 303) : c.notFound()
    })
}

interface CollectionForm {
  readonly texts: CollectionTexts
  readonly errors: CollectionErrors
  readonly revision: number
  readonly saved: CollectionTexts | null
}

const noTexts: CollectionTexts = { slug: '', title: '', summary: '', models: '' }

function opened(texts: CollectionTexts, revision: number): CollectionForm {
  return { texts, errors: {}, revision, saved: null }
}

function textsIn(c: Context): CollectionTexts {
  const textOf = (name: string) => c.get('formFields').get(name) ?? ''
  return {
    slug: textOf('slug'),
    title: textOf('title'),
    summary: textOf('summary'),
    models: textOf('models'),
  }
}

/** Saves a form; resolves with the form when it was refused. */
async function save(
  c: Context,
  deps: Deps,
  form: CollectionForm,
  before: CollectionRecord | null,
): Promise<CollectionForm | { readonly slug: string }> {
  const reading = readCollection(form.texts)
  if (!reading.ok) return { ...form, errors: reading.errors }
  const { read } = reading
  const all = await usableModels(deps, viewerOf(c, deps)).all()
  const errors = {
    ...(before ? {} : slugError(deps, read.slug, all)),
    ...modelsError(read, before, all),
  }
  if (Object.keys(errors).length > 0) return { ...form, errors }
  const entry = entryOf(c, deps, read.slug, before ? '' : 'new')
  if (await deps.collections.save(read, form.revision, entry)) return { slug: read.slug }
  const now = deps.collections.find(read.slug)
  return { ...form, revision: now?.revision ?? 0, saved: now && collectionTexts(now) }
}

function entryOf(c: Context, deps: Deps, slug: string, detail: string) {
  return auditEntry(c, deps, 'collection changed', `collections/${slug}`, { detail })
}

function slugError({ collections }: Deps, slug: string, all: readonly Model[]): CollectionErrors {
  if (collections.find(slug)) return { slug: `There is already a collection ${slug}.` }
  const isOwner = all.some(({ ref }) => ref.owner === slug)
  return isOwner ? { slug: `This address lists the models of the owner ${slug}.` } : {}
}

/** Models that were in the collection before may be gone: they are left out when it is shown. */
function modelsError(
  { models }: Pick<CollectionRecord, 'models'>,
  before: CollectionRecord | null,
  all: readonly Model[],
): CollectionErrors {
  const known = new Set([...(before?.models ?? []), ...all.map(({ ref }) => ref)].map(modelName))
  const unknown = models.map(modelName).find((name) => !known.has(name))
  return unknown === undefined ? {} : { models: `There is no model ${unknown} here.` }
}

function drawNew(c: Context, deps: Deps, form: CollectionForm) {
  const props = { ...form, collections: deps.collections.all() }
  return page(c, deps, <CollectionsPage {...props} />, statusOf(form))
}

function draw(c: Context, deps: Deps, { slug }: CollectionRecord, form: CollectionForm) {
  return page(c, deps, <CollectionEditPage {...form} slug={slug} />, statusOf(form))
}

function statusOf({ errors, saved }: CollectionForm): 200 | 409 | 422 {
  if (saved) return 409
  return Object.keys(errors).length > 0 ? 422 : 200
}
