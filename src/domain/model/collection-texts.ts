import { modelName, parseModelRef } from '../model-ref.ts'
import type { CollectionRecord } from './collection.ts'

/** The form of a collection, as texts. */
export interface CollectionTexts {
  readonly slug: string
  readonly title: string
  readonly summary: string
  /** A name on each line. */
  readonly models: string
}
export type CollectionErrors = Partial<Readonly<Record<keyof CollectionTexts, string>>>

const most = { title: 100, summary: 20_000, models: 200 }

export function collectionTexts({
  slug,
  title,
  summary,
  models,
}: Pick<CollectionRecord, keyof CollectionTexts>): CollectionTexts {
  return { slug, title, summary, models: models.map(modelName).join('\n') }
}

/** The collection that a form describes, or its errors, each as a sentence. */
export function readCollection(
  texts: CollectionTexts,
): { readonly ok: true; readonly read: Pick<CollectionRecord, keyof CollectionTexts> } | Wrong {
  const slug = texts.slug.trim() === '' ? slugOf(texts.title) : texts.slug.trim()
  const names = texts.models.split(/[\s,]+/).filter(Boolean)
  const refs = names.map((name) => ({ name, ref: parseModelRef(name) }))
  const models = [...new Map(refs.flatMap(({ name, ref }) => (ref ? [[name, ref]] : []))).values()]
  const title = texts.title.trim()
  const bad = refs.find(({ ref }) => ref === null)?.name
  const errors: CollectionErrors = {
    ...(title === '' ? { title: 'Enter a title.' } : {}),
    ...(title.length > most.title ? { title: `Shorten this to ${most.title} characters.` } : {}),
    ...(isSlug(slug) || title === '' ? {} : { slug: 'Use small letters, digits and dashes.' }),
    ...(texts.summary.length > most.summary
      ? { summary: 'Shorten this to 20,000 characters.' }
      : {}),
    ...(models.length > most.models ? { models: `Enter at most ${most.models} models.` } : {}),
    ...(bad === undefined
      ? {}
      : { models: `“${bad.slice(0, 100)}” is not a name such as owner/name.` }),
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const summary = texts.summary.replace(/\r\n?/g, '\n')
  return { ok: true, read: { slug, title, summary, models } }
}

interface Wrong {
  readonly ok: false
  readonly errors: CollectionErrors
}

function isSlug(text: string): boolean {
  return text.length <= 64 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text)
}

/** `From a sketch to a print` becomes `from-a-sketch-to-a-print`. */
function slugOf(title: string): string {
  const plain = title.slice(0, 200).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain.split(/[^a-z0-9]+/).filter(Boolean)
  return words.join('-').slice(0, 64).replace(/-$/, '')
}
