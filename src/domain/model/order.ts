import { modelName } from '../model-ref.ts'
import type { Model } from './model.ts'

/** The orders of a list of models. */
export const orders = ['popular', 'new', 'name'] as const
export type Order = (typeof orders)[number]

type Named = Pick<Model, 'ref'>

/** The figures that models are sorted by. */
export interface ModelFigures {
  /** How often a model was run. */
  runs(model: Named): number
  /** When a model was first seen, in milliseconds since 1970. */
  seenAt(model: Named): number
}

/** The models in an order; those that it does not tell apart stay as given. */
export function inOrder<T extends Named>(
  models: readonly T[],
  order: Order,
  { runs, seenAt }: ModelFigures,
): readonly T[] {
  if (order === 'popular') return models.toSorted((a, b) => runs(b) - runs(a))
  if (order === 'new') return models.toSorted((a, b) => seenAt(b) - seenAt(a))
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return models.toSorted(
    (a, b) =>
      collator.compare(a.ref.name, b.ref.name) || collator.compare(a.ref.owner, b.ref.owner),
  )
}

const monthMs = 30 * 24 * 60 * 60_000
const hourMs = 60 * 60_000

/**
 * The models that came within the last month, the newest first. Those that were there when the first
 * models were seen are not new.
 */
export function newModels<T extends Named>(
  models: readonly T[],
  { seenAt }: Pick<ModelFigures, 'seenAt'>,
  now: number,
): readonly T[] {
  let first = Number.POSITIVE_INFINITY
  for (const model of models) first = Math.min(first, seenAt(model))
  const since = Math.max(now - monthMs, first + hourMs)
  return models.filter((model) => seenAt(model) >= since).toSorted((a, b) => seenAt(b) - seenAt(a))
}

/** A page of a list, with pages counted from 1. */
export interface ListPage<T> {
  readonly items: readonly T[]
  readonly page: number
  readonly pages: number
}

/** A page that is not there is the nearest that is. */
export function pageOf<T>(items: readonly T[], asked: number, length: number): ListPage<T> {
  const pages = Math.max(1, Math.ceil(items.length / length))
  const page = Math.min(pages, Math.max(1, Number.isInteger(asked) ? asked : 1))
  return { items: items.slice((page - 1) * length, page * length), page, pages }
}

/** The models by their name, to be looked up. */
export function byName<T extends Named>(models: readonly T[]): ReadonlyMap<string, T> {
  return new Map(models.map((model) => [modelName(model.ref), model]))
}
