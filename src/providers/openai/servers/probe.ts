import { setImmediate } from 'node:timers/promises'
import type { ServerAddress } from '../../../domain/address.ts'
import { nothingToNote } from '../../../domain/model/model.ts'
import type { FoundModel, Probed } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { ServedModel } from '../dialects/dialect.ts'
import { type Place, placeSource } from '../places.ts'
import { type DialectName, isHosted, type Kind, kinds } from './abilities.ts'
import { abilityWords, describeModel, kindWords } from './describe.ts'
import { identify, type Serving } from './identify.ts'
import { nameOf } from './names.ts'
import { defaultSlots } from './server.ts'
import { stateSentences, stateWarmth } from './state.ts'

export interface ProbeOptions {
  /** The key to send; null for none. */
  readonly key: string | null
  readonly client: UpstreamClient
  /** The kind that an operator said that a model is of; null when they did not. */
  kindOf(place: Place): Kind | null
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Models that are described before others get their turn. */
const mostAtOnce = 20

/** Of a server with more models, none is chosen until the operator does. */
const mostChosen = 20

/** Looks for the models of a server that an operator named, which may be a private one. */
export async function probe(
  { base, model }: ServerAddress,
  options: ProbeOptions,
): Promise<Probed> {
  const sighting = await identify(base, options.key, options.client)
  switch (sighting.kind) {
    case 'other':
      return sighting
    case 'loading':
      return { kind: 'refused', sentence: `${sighting.sentence} Look again in a moment.` }
    case 'closed': {
      const asks = sighting.wants === null ? {} : { asks: sighting.wants }
      return { kind: 'refused', sentence: sighting.sentence, ...asks }
    }
    case 'serving':
      return foundAt({ base, model }, sighting, options)
  }
}

async function foundAt(
  { base, model }: ServerAddress,
  serving: Serving,
  { key, kindOf, now }: ProbeOptions,
): Promise<Probed> {
  const { dialect, root, models, slots } = serving
  if (models.length === 0) return { kind: 'refused', sentence: noModels(base, dialect.title) }
  if (model !== null && !models.some(({ id }) => id === model))
    return { kind: 'refused', sentence: `The ${dialect.title} at ${base} has no model ${model}.` }
  const isChosen = ({ id }: ServedModel) =>
    model === null ? models.length <= mostChosen : id === model
  const found: FoundModel[] = []
  for (const served of models) {
    const place = { base, model: served.id }
    const copies = slots ?? defaultSlots
    found.push(
      foundModel(served, { place, said: kindOf(place), isChosen: isChosen(served), copies, now }),
    )
    // Of a service with hundreds of models, each takes a while.
    if (found.length % mostAtOnce === 0) await setImmediate()
  }
  const facts = [
    ...(isHosted(dialect.name) || dialect.name === 'ollama' ? [] : ['speaks OpenAI’s API']),
    ...(slots === null ? [] : [`${slots} at once`]),
    key === null ? 'needs no key' : 'with a key',
  ]
  const upstream = { title: dialect.title, address: root, facts, takesKey: true, models: found }
  return { kind: 'found', upstream }
}

function noModels(base: string, title: string): string {
  return `There are no models yet at ${base} (${title}). Load or pull one there, then check again.`
}

interface FoundOptions {
  readonly place: Place
  /** The kind that an operator said; null for that of the server. */
  readonly said: Kind | null
  readonly isChosen: boolean
  readonly copies: number
  readonly now: number
}

function foundModel(
  { id, abilities: told, state, leaves }: ServedModel,
  { place, said, isChosen, copies, now }: FoundOptions,
): FoundModel {
  const offered = kindsOf(told.dialect)
  const kind = said !== null && offered.includes(said) ? said : told.kind
  const abilities = { ...told, kind }
  const ref = nameOf(id, abilities.dialect)
  const words = abilityWords(abilities)
  return {
    id,
    model: describeModel({ ref, abilities, copies, broken: null, seenAt: now }),
    can: leaves && abilities.dialect === 'ollama' ? `${words}; runs elsewhere` : words,
    isChosen,
    keepsName: null,
    source: placeSource([place], abilities, kind === told.kind ? null : kind),
    versions: [],
    warmth: stateWarmth[state],
    health: { ...nothingToNote, note: stateSentences[state] },
    ...(offered.length > 0 ? { kinds: { chosen: kind, all: offered.map(withWords) } } : {}),
  }
}

/** Ollama tells the kind of each model, and serves no others by its own API. */
function kindsOf(dialect: DialectName): readonly Kind[] {
  return dialect === 'ollama' ? [] : kinds
}

function withWords(kind: Kind) {
  return { kind, words: kindWords[kind] }
}
