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

/** An input of a model, which may take the value of another name. */
export interface Join extends Taker {
  readonly as: string
  /** Whether it does so until a person says otherwise: an operator said that it counts as the other one. */
  readonly isUsual: boolean
}

/** A model of which inputs may be shared. */
export interface Sharer extends Pick<ModelSchema, 'input'> {
  /** See `Model`. */
  readonly countsAs: Readonly<Record<string, string>>
}

/** The inputs of several models that run with the same values. */
export interface SharedInputs {
  readonly shared: readonly SharedInput[]
  /** The other inputs of each model. */
  readonly own: readonly (readonly Property[])[]
  /** What is joined, or may be by a person. */
  readonly joins: readonly Join[]
  /** Inputs of the same name that are of different types, so that each model has its own. */
  readonly differing: readonly { readonly name: string; readonly takers: readonly Taker[] }[]
}

/**
 * Finds the inputs that models share: those of the same name and type, and those that are joined. `isJoined`: what a
 * person said of a join; null for nothing.
 */
export function shareInputs(
  models: readonly Sharer[],
  isJoined: (join: Join) => boolean | null,
): SharedInputs {
  const given = givenJoins(models)
  const active = (join: Join) => isJoined(join) ?? join.isUsual
  const away = given.filter(active)
  const byName = takersByName(models, away)
  const offered = joinsOf(models, byName).filter((join) => !hasSame(given, join))
  const joins = [...given, ...offered]
  const shared: SharedInput[] = []
  const differing: { name: string; takers: readonly Taker[] }[] = []
  for (const name of new Set([...byName.keys(), ...away.map(({ as }) => as)])) {
    const named = byName.get(name) ?? []
    const joined = joins.filter((join) => join.as === name && active(join))
    const takers = inOrder(alike([...named, ...joined]))
    const property = takers.length > 1 ? commonProperty(name, propertiesOf(takers)) : null
    if (property) shared.push({ property, takers })
    else if (named.length + joined.length > 1)
      differing.push({ name, takers: inOrder([...named, ...joined]) })
  }
  const taken = new Set(shared.flatMap(({ takers }) => takers.map((taker) => taker.property)))
  const own = models.map(({ input }) => input.filter((property) => !taken.has(property)))
  return { shared, own, joins, differing }
}

/** The joins that operators made, of inputs that are still there and whose other name is not. */
function givenJoins(models: readonly Sharer[]): readonly Join[] {
  const others = takersByName(models, [])
  const targets = new Map<string, number>()
  const all = models.flatMap(({ input, countsAs }, model) =>
    Object.entries(countsAs).flatMap(([name, as]) => {
      const property = input.find((one) => one.name === name)
      const isFree = property && input.every((one) => one.name !== as)
      return isFree ? [{ model, property, as, isUsual: true }] : []
    }),
  )
  for (const { as } of all) targets.set(as, (targets.get(as) ?? others.get(as)?.length ?? 0) + 1)
  return all.filter(({ as }) => (targets.get(as) ?? 0) > 1)
}

function hasSame(joins: readonly Join[], { model, property }: Taker): boolean {
  return joins.some((join) => join.model === model && join.property === property)
}

/** The inputs by their names, without those that have another one now. */
function takersByName(models: readonly Sharer[], away: readonly Join[]): Map<string, Taker[]> {
  const byName = new Map<string, Taker[]>()
  for (const [model, { input }] of models.entries())
    for (const property of input) {
      if (hasSame(away, { model, property })) continue
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

/** Whether one value can be given to both. */
export function sameType({ schema: a }: Property, { schema: b }: Property): boolean {
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
  models: readonly Sharer[],
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
    return property && other && isLater
      ? [{ model, property, as: other.property.name, isUsual: false }]
      : []
  })
}
