import type { ModelRef } from '../model-ref.ts'

/** Models that belong together: those of one owner. */
export interface Collection<T> {
  /** The owner's name, as in its address. */
  readonly slug: string
  readonly models: readonly T[]
}

/** One for each owner, in the order of the first model of each. */
export function collectionsOf<T extends { readonly ref: ModelRef }>(
  models: readonly T[],
): Collection<T>[] {
  const byOwner = Map.groupBy(models, ({ ref }) => ref.owner)
  return [...byOwner].map(([slug, own]) => ({ slug, models: own }))
}

/** `3 models by sandpit.` */
export function collectionSentence({ slug, models }: Collection<unknown>): string {
  return `${models.length} ${models.length === 1 ? 'model' : 'models'} by ${slug}.`
}
