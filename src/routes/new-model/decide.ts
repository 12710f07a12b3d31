import type { ModelReplacement } from '../../../views/model/model-replacement.tsx'
import type { Deps } from '../../deps.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../../domain/model-ref.ts'
import type { FoundModel, FoundUpstream } from '../../providers/provider.ts'
import { newSource } from '../forms/new-source.ts'

/** A model that an operator chose to save. */
export interface Wish {
  /** The upstream's own name for it. */
  readonly id: string
  /** Its name here, as typed. */
  readonly name: string
  /** Id of the version to keep to; empty for the latest. */
  readonly version: string
  /** Whether the model that has this name runs there from now on, and nowhere else. */
  readonly replaces: boolean
}

/** A model with the source to save. */
export interface Chosen {
  readonly ref: ModelRef
  readonly source: ModelSource
}

type Decided =
  | { readonly models: readonly Chosen[] }
  | { readonly ask: ModelReplacement }
  | { readonly problem: string }

/** Decides what saving the chosen models of an upstream does: all of them, or none and why. */
export async function decide(
  upstream: FoundUpstream,
  wishes: readonly Wish[],
  deps: Deps,
): Promise<Decided> {
  const problem = partsProblem(upstream)
  if (problem !== null) return { problem }
  const { models } = upstream
  const chosen: Chosen[] = []
  for (const wish of wishes) {
    const found = models.find(({ id }) => id === wish.id)
    if (!found) return { problem: `There is no model ${wish.id} there any longer.` }
    const decided = await decideOne(found, wish, deps)
    if (!('source' in decided)) return decided
    if (chosen.some(({ ref }) => sameModel(ref, decided.ref)))
      return { problem: `Two models cannot both be called ${modelName(decided.ref)}.` }
    chosen.push(decided)
  }
  return chosen.length > 0 ? { models: chosen } : { problem: 'Choose a model to save.' }
}

/** Why the chosen parts of a file make no model, as a sentence; null when they do. */
export function partsProblem({ models }: FoundUpstream): string | null {
  return models.map(({ parts }) => parts?.problem ?? null).find((one) => one !== null) ?? null
}

async function decideOne(
  found: FoundModel,
  { name, version, replaces }: Wish,
  { runner, records, providers }: Deps,
): Promise<Chosen | Exclude<Decided, { readonly models: readonly Chosen[] }>> {
  const ref = parseModelRef(name)
  if (!ref) return { problem: `“${name}” is not a name such as owner/name.` }
  const source = version === '' ? found.source : (found.sourceOf?.(version) ?? found.source)
  const decided = newSource(
    {
      ref,
      found: found.model,
      source,
      known: await runner.findModel(ref),
      record: records.find(ref),
      takesOver: replaces,
    },
    providers,
  )
  if ('problem' in decided) return decided
  if (found.keepsName !== null && !sameModel(ref, found.model.ref))
    return { problem: found.keepsName }
  return 'ask' in decided ? decided : { ref, source: decided.source }
}
