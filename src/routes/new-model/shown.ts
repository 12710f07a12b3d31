import type { RowProblem, ShownUpstream } from '../../../views/new-model/shown-upstream.ts'
import { type ModelRef, modelName } from '../../domain/model-ref.ts'
import type { FoundModel, FoundUpstream } from '../../providers/provider.ts'
import { shownHealth } from '../model-state.ts'
import type { Wish } from './decide.ts'

/** The most models of an upstream on a page, besides those that are chosen: a filter finds the others. */
const mostRows = 200

/** What an operator did so far with the models of an upstream. */
export interface Doings {
  /** What they chose and typed; null as long as nothing was there to choose from. */
  readonly wishes: readonly Wish[] | null
  /** The names to offer, by the upstream's names for the models. */
  readonly names: ReadonlyMap<string, ModelRef>
  /** A part of the names to show; empty for all. */
  readonly filter: string
  /** Why chosen models were not saved. */
  readonly problems?: ReadonlyMap<string, RowProblem>
}

/** An upstream as `/models/new` shows it, with what the operator chose and typed so far. */
export function shownUpstream(
  { title, address, facts, takesKey, models }: FoundUpstream,
  now: number,
  { wishes, names, filter, problems }: Doings,
): ShownUpstream {
  const typed = new Map(wishes?.map((wish) => [wish.id, wish]))
  const isChosen = ({ id, isChosen: isOffered }: FoundModel) =>
    wishes ? typed.get(id)?.isChosen === true : isOffered
  const matching = models.filter(matches(filter))
  const shown = new Set([...matching.slice(0, mostRows), ...models.filter(isChosen)])
  return {
    title,
    address,
    facts,
    takesKey,
    filter,
    total: models.length,
    matching: matching.length,
    models: models
      .filter((found) => shown.has(found))
      .map((found) => ({
        id: found.id,
        model: found.model,
        name: typed.get(found.id)?.name ?? modelName(names.get(found.id) ?? found.model.ref),
        keepsName: found.keepsName,
        can: found.can,
        isChosen: isChosen(found),
        versions: found.versions.map(({ id }) => id),
        version: typed.get(found.id)?.version ?? '',
        warmth: found.warmth,
        health: shownHealth(found.health, now),
        parts: found.parts ?? null,
        kinds: found.kinds ?? null,
        onDemand: found.onDemand ?? null,
        problem: problems?.get(found.id) ?? null,
      })),
  }
}

function matches(filter: string) {
  const words = filter.toLowerCase().split(/\s+/)
  return ({ id, can }: FoundModel) => {
    const text = `${id} ${can}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
}
