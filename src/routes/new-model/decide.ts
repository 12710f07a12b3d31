import type { ModelReplacement } from '../../../views/model/model-replacement.tsx'
import type { RowProblem } from '../../../views/new-model/shown-upstream.ts'
import type { Deps } from '../../deps.ts'
import type { ModelSource } from '../../domain/model/record.ts'
import { type ModelRef, modelName, parseModelRef, sameModel } from '../../domain/model-ref.ts'
import type { FoundModel, FoundUpstream } from '../../providers/provider.ts'
import { newSource } from '../forms/new-source.ts'

/** What an operator typed for a model that was found. */
export interface Wish {
  /** The upstream's own name for it. */
  readonly id: string
  /** Its name here, as typed. */
  readonly name: string
  /** Whether it is to be saved. */
  readonly isChosen: boolean
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
  /** Of some among several models, by the upstream's names for them. */
  | { readonly problems: ReadonlyMap<string, RowProblem> }

type DecidedOne = Chosen | { readonly ask: ModelReplacement } | { readonly problem: string }

/** Decides what saving the chosen models of an upstream does: all of them, or none and why. */
export async function decide(
  upstream: FoundUpstream,
  typed: readonly Wish[],
  deps: Deps,
): Promise<Decided> {
  const problem = partsProblem(upstream)
  if (problem !== null) return { problem }
  const { models } = upstream
  const wishes = typed.filter(({ isChosen }) => isChosen)
  const [only, ...others] = wishes
  if (!only) return { problem: 'Choose a model to save.' }
  if (models.length === 1 && others.length === 0) {
    const decided = await decideOne(models, only, deps)
    return 'source' in decided ? { models: [decided] } : decided
  }
  const chosen: Chosen[] = []
  const problems = new Map<string, RowProblem>()
  for (const wish of wishes) {
    const decided = await decideOne(models, wish, deps)
    if ('problem' in decided && !models.some(({ id }) => id === wish.id)) return decided
    if (!('source' in decided)) problems.set(wish.id, rowProblem(decided))
    else if (chosen.some(({ ref }) => sameModel(ref, decided.ref)))
      problems.set(wish.id, { sentence: sameName(decided.ref), replaces: null })
    else chosen.push(decided)
  }
  return problems.size > 0 ? { problems } : { models: chosen }
}

/** Why the chosen parts of a file make no model, as a sentence; null when they do. */
export function partsProblem({ models }: FoundUpstream): string | null {
  return models.map(({ parts }) => parts?.problem ?? null).find((one) => one !== null) ?? null
}

function sameName(ref: ModelRef): string {
  return `Another one here is called ${modelName(ref)}, too. Give it another name.`
}

function rowProblem(decided: Exclude<DecidedOne, Chosen>): RowProblem {
  if ('problem' in decided) return { sentence: decided.problem, replaces: null }
  const { name, places } = decided.ask
  const where = places.length > 0 ? `, at ${places.join(', ')}` : ''
  return {
    sentence: `There is already a model called ${name}${where}. This one has a different schema.`,
    replaces: name,
  }
}

async function decideOne(
  models: readonly FoundModel[],
  { id, name, version, replaces }: Wish,
  { runner, records, providers }: Deps,
): Promise<DecidedOne> {
  const found = models.find((one) => one.id === id)
  if (!found) return { problem: `There is no model ${id} there any longer.` }
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
