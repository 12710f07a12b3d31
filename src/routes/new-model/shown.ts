import type { ShownUpstream } from '../../../views/new-model/shown-upstream.ts'
import { modelName } from '../../domain/model-ref.ts'
import type { FoundUpstream } from '../../providers/provider.ts'
import { shownHealth } from '../model-state.ts'
import type { Wish } from './decide.ts'

/** An upstream as `/models/new` shows it, with what the operator chose and typed so far. */
export function shownUpstream(
  { title, address, facts, takesKey, models }: FoundUpstream,
  now: number,
  wishes: readonly Wish[] | null = null,
): ShownUpstream {
  return {
    title,
    address,
    facts,
    takesKey,
    models: models.map((found) => {
      const wish = wishes?.find(({ id }) => id === found.id)
      return {
        id: found.id,
        model: found.model,
        name: wish?.name ?? modelName(found.offeredName),
        keepsName: found.keepsName,
        can: found.can,
        isChosen: wishes ? wish !== undefined : found.isChosen,
        versions: found.versions.map(({ id }) => id),
        warmth: found.warmth,
        health: shownHealth(found.health, now),
        parts: found.parts ?? null,
      }
    }),
  }
}
