import { shortened } from '../json/excerpt.ts'
import { type ModelRef, modelName } from '../model-ref.ts'
import { byName } from './order.ts'

/** Models that an operator put together. */
export interface CollectionRecord {
  /** The last part of its address: small letters, digits and dashes. It never changes. */
  readonly slug: string
  readonly title: string
  /** Markdown; its first paragraph stands in lists. */
  readonly summary: string
  /** In the order in which they are shown. Some may not exist. */
  readonly models: readonly ModelRef[]
  /** Counts the changes, from 1. */
  readonly revision: number
  /** Milliseconds since 1970, as is the next. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** Models that belong together: put together by an operator, or those of one owner. */
export interface Collection<T> {
  /** As in its address: the owner’s name for the models of one. */
  readonly slug: string
  readonly title: string
  /** One sentence, or a few, as plain text. */
  readonly description: string
  /** Markdown; null for the models of one owner. */
  readonly summary: string | null
  readonly models: readonly T[]
}

/** One for each owner, in the order of the first model of each. */
export function collectionsOf<T extends { readonly ref: ModelRef }>(
  models: readonly T[],
): Collection<T>[] {
  const byOwner = Map.groupBy(models, ({ ref }) => ref.owner)
  return [...byOwner].map(([slug, own]) => ({
    slug,
    title: slug,
    description: ownerSentence(slug, own.length),
    summary: null,
    models: own,
  }))
}

/** `3 models by sandpit.` */
function ownerSentence(owner: string, count: number): string {
  return `${count} ${count === 1 ? 'model' : 'models'} by ${owner}.`
}

/** A collection with those of its models that are among these, in its own order. */
export function collectionOf<T extends { readonly ref: ModelRef }>(
  { slug, title, summary, models }: CollectionRecord,
  all: readonly T[],
): Collection<T> {
  const known = byName(all)
  const shown = models.flatMap((ref) => known.get(modelName(ref)) ?? [])
  return { slug, title, description: firstParagraph(summary), summary, models: shown }
}

/**
 * The collections of operators that have a model to show, then one for each owner. A collection takes
 * the address of an owner of the same name.
 */
export function allCollections<T extends { readonly ref: ModelRef }>(
  records: readonly CollectionRecord[],
  models: readonly T[],
): Collection<T>[] {
  const made = records.map((record) => collectionOf(record, models))
  const taken = new Set(records.map(({ slug }) => slug))
  return [
    ...made.filter((one) => one.models.length > 0),
    ...collectionsOf(models).filter(({ slug }) => !taken.has(slug)),
  ]
}

const mostDescription = 300

/** The first paragraph of a Markdown text, without marks. */
function firstParagraph(markdown: string): string {
  const [first = ''] = markdown
    .trim()
    .slice(0, 2_000)
    .split(/\n\s*\n/)
  const plain = first
    .replace(/^#+ +/gm, '')
    .replace(/\]\([^()\n]*\)/g, '')
    .replace(/[*_`[\]]/g, '')
    .replace(/\s+/g, ' ')
  return shortened(plain, mostDescription)
}
