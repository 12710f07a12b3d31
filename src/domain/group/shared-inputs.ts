import { mayBeMain } from '../form/input-role.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { isFileSchema, type Property } from '../schema/value-schema.ts'
import { commonProperty } from './common-property.ts'

/** An input of one of several models. `model`: its place among them. */
export interface Taker {
  readonly model: number
  readonly property: Property
}

/** An input that several models take: it is asked for once. */
export interface SharedInput {
  /** As its first taker names and describes it, within the bounds and choices of all of them. */
  readonly property: Property
  /** Two or more. */
  readonly takers: readonly Taker[]
}

/** The main input of a model, which may take the value of the main input of another one. */
export interface Join extends Taker {
  /** The name of that other input. */
  readonly as: string
}

/** The inputs of several models that run with the same values. */
export interface SharedInputs {
  readonly shared: readonly SharedInput[]
  /** The other inputs of each model. */
  readonly own: readonly (readonly Property[])[]
  /** What a person may join, whether it is joined or not. */
  readonly joins: readonly Join[]
  /** Inputs of the same name that are of different types, so that each model has its own. */
  readonly differing: readonly { readonly name: string; readonly takers: readonly Taker[] }[]
}

/** Finds the inputs that models share: those of the same name and type, and those that a person joined. */
export function shareInputs(
  models: readonly Pick<ModelSchema, 'input'>[],
  isJoined: (join: Join) => boolean,
): SharedInputs {
  const byName = takersByName(models)
  const joins = joinsOf(models, byName)
  const shared: SharedInput[] = []
  const differing: { name: string; takers: readonly Taker[] }[] = []
  for (const [name, named] of byName) {
    const joined = joins.filter((join) => join.as === name && isJoined(join))
    const takers = inOrder([...alike(named), ...joined])
    const property = takers.length > 1 ? commonProperty(name, propertiesOf(takers)) : null
    if (property) shared.push({ property, takers })
    else if (named.length > 1) differing.push({ name, takers: named })
  }
  const taken = new Set(shared.flatMap(({ takers }) => takers.map((taker) => taker.property)))
  const own = models.map(({ input }) => input.filter((property) => !taken.has(property)))
  return { shared, own, joins, differing }
}

function takersByName(models: readonly Pick<ModelSchema, 'input'>[]): Map<string, Taker[]> {
  const byName = new Map<string, Taker[]>()
  for (const [model, { input }] of models.entries())
    for (const property of input) {
      const named = byName.get(property.name)
      if (named) named.push({ model, property })
      else byName.set(property.name, [{ model, property }])
    }
  return byName
}

/** Those of the same type as the first; none when one differs from it. */
function alike(takers: readonly Taker[]): readonly Taker[] {
  const [first] = takers
  const isAlike = first && takers.every(({ property }) => sameType(property, first.property))
  return isAlike ? takers : []
}

function sameType({ schema: a }: Property, { schema: b }: Property): boolean {
  return (
    a.type === b.type &&
    a.secret === b.secret &&
    isFileSchema(a) === isFileSchema(b) &&
    a.items?.type === b.items?.type
  )
}

const propertiesOf = (takers: readonly Taker[]) => takers.map(({ property }) => property)

function inOrder(takers: readonly Taker[]): readonly Taker[] {
  return takers.toSorted((a, b) => a.model - b.model)
}

/** For each model, its first main input that no other model has, with one of another model that it lacks. */
function joinsOf(
  models: readonly Pick<ModelSchema, 'input'>[],
  byName: ReadonlyMap<string, readonly Taker[]>,
): readonly Join[] {
  const mains = [...byName.values()]
    .filter(([first]) => first && mayBeMain(first.property))
    .toSorted((a, b) => b.length - a.length)
  return models.flatMap(({ input }, model) => {
    const names = new Set(input.map(({ name }) => name))
    const property = input.find(
      (one) => mayBeMain(one) && one.schema.type === 'string' && byName.get(one.name)?.length === 1,
    )
    const other = mains.find(
      ([first]) =>
        property && first && !names.has(first.property.name) && sameType(first.property, property),
    )?.[0]
    // Of two models with one such input each, the later joins the earlier.
    const isLater =
      other && (other.model < model || (byName.get(other.property.name) ?? []).length > 1)
    return property && other && isLater ? [{ model, property, as: other.property.name }] : []
  })
}
