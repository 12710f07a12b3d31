import { sameJson } from '../../../domain/json/json.ts'
import type { Model } from '../../../domain/model/model.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import { within } from '../../../sleep.ts'
import type { Descriptions } from '../../descriptions.ts'
import type { Place } from '../places.ts'
import { type Abilities, abilitiesJson, type Kind, plainChat } from './abilities.ts'
import { describeModel } from './describe.ts'
import { keepAbilities, readKeptAbilities } from './kept-abilities.ts'
import type { Server } from './server.ts'
import { placeSentence } from './state.ts'

/** A place with its server. */
export interface ServerPlace extends Place {
  readonly server: Server
}

export interface PlacedModelOptions {
  readonly ref: ModelRef
  /** The source that an operator added; null for a model of the configuration. */
  readonly source: ModelSource | null
  readonly places: readonly ServerPlace[]
  /** The abilities in the source; null when there are none. */
  readonly kept: Abilities | null
  /** The kind that an operator said; null for that of its servers. */
  readonly kind: Kind | null
  readonly descriptions: Descriptions
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type PlacedModel = ReturnType<typeof createPlacedModel>

/** A model with the places where it runs, and what it can do as far as one of them has told. */
export function createPlacedModel({
  ref,
  source,
  places,
  kept,
  kind,
  descriptions,
  now,
}: PlacedModelOptions) {
  let abilities: Abilities | null = null
  let seenAt = now()
  let described: { readonly model: Model; readonly abilities: Abilities } | null = null
  const cached = readKeptAbilities(descriptions, ref, seenAt).then((found) => {
    if (found && !abilities) seenAt = found.seenAt
    abilities ??= own(found?.abilities ?? kept)
  })
  const looked = Promise.allSettled(places.map(({ server }) => server.refresh())).then(update)

  /** Takes over what the first server that has the model says of it. */
  async function update(): Promise<void> {
    await cached
    const served = places.map(({ server, model }) => server.find(model)?.abilities ?? null)
    const told = own(served.find((one) => one !== null) ?? null)
    if (!told || (abilities && isSame(told, abilities))) return
    const fresh = { abilities: told, seenAt: now() }
    seenAt = (await keepAbilities(descriptions, ref, fresh)).seenAt
    abilities = fresh.abilities
  }

  /** An operator knows better than a server. */
  function own(told: Abilities | null): Abilities | null {
    return told && kind !== null ? { ...told, kind } : told
  }

  /** Whether a place has the model, of the kind that it is. */
  function fits({ server, model: id }: ServerPlace): boolean {
    const told = own(server.find(id)?.abilities ?? null)
    return told !== null && (abilities === null || told.kind === abilities.kind)
  }

  /** The same object while nothing of it changes. */
  function current(): Model {
    const broken = abilities ? null : (places.map(placeSentence).find((one) => one) ?? notSeen)
    const copies = places.reduce((sum, { server }) => sum + server.slots(), 0)
    const known = abilities ?? unknown
    const before = described?.model
    const isCurrent = before?.broken === broken && before.limits.copies === copies
    if (described && isCurrent && isSame(described.abilities, known)) return described.model
    const next = describeModel({ ref, abilities: known, copies, broken, seenAt })
    // The version stays the same object, so that what is cached for it stays valid.
    const version = before?.version.id === next.version.id ? before.version : next.version
    described = { model: { ...next, version }, abilities: known }
    return described.model
  }

  return {
    ref,
    source,
    places,
    fits,
    model: current,
    abilities: () => abilities,
    /** Looks at its servers again where that is due. Never rejects. */
    async refresh(): Promise<void> {
      await Promise.allSettled(places.map(({ server }) => server.refresh()))
      await update()
    },
    /** Resolves when its abilities are known, after `waitMs` at the latest. */
    async known(waitMs: number): Promise<void> {
      await cached
      if (abilities === null) await within(waitMs, looked)
      else await update()
    },
  }
}

const unknown = plainChat('other')
const notSeen = 'Its server has not been reached yet. Reload the page in a moment.'

function isSame(a: Abilities, b: Abilities): boolean {
  return a === b || sameJson(abilitiesJson(a), abilitiesJson(b))
}
