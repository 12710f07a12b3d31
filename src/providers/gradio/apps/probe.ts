import {
  type AppAddress,
  endpointAddress,
  spaceIn,
} from '../../../domain/model/addresses/app-address.ts'
import { nothingToNote } from '../../../domain/model/model.ts'
import { type ModelRef, parseModelRef } from '../../../domain/model-ref.ts'
import type { FoundModel, Probed } from '../../provider.ts'
import { plainName } from '../schemas/names.ts'
import { endpointSource } from '../sources.ts'
import { describeModel } from './describe.ts'
import type { Endpoint } from './endpoint.ts'
import { type LookOptions, look, type NotServing, type Serving } from './look.ts'

export interface ProbeOptions extends LookOptions {
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Of an app with more functions, none is chosen until the operator does. */
const mostChosen = 20

/** Looks for the functions of an app that an operator named, which may be a private one. */
export async function probe(address: AppAddress, options: ProbeOptions): Promise<Probed> {
  const sighting = await look(address.base, options)
  return sighting.kind === 'serving'
    ? found(address, sighting, options)
    : notFound(address.base, sighting)
}

function notFound(base: string, { kind, sentence }: NotServing): Probed {
  // Only of a Space is it known without an answer that it is an app.
  if (kind === 'other' || (kind === 'away' && spaceIn(base) === null))
    return { kind: 'other', sentence, isAway: kind === 'away' }
  if (kind === 'closed') return { kind: 'refused', sentence, asks: 'key' }
  return {
    kind: 'refused',
    sentence: kind === 'booting' ? `${sentence} Look again in a moment.` : sentence,
  }
}

function found(address: AppAddress, serving: Serving, options: ProbeOptions): Probed {
  const { base, endpoint } = address
  const { endpoints, config, headers } = serving
  if (endpoints.length === 0)
    return { kind: 'refused', sentence: `The Gradio app at ${base} has no functions with names.` }
  if (endpoint !== null && !endpoints.some(({ name }) => name === endpoint))
    return { kind: 'refused', sentence: `The Gradio app at ${base} has no function ${endpoint}.` }
  const isChosen = ({ name }: Endpoint) =>
    endpoint === null ? endpoints.length <= mostChosen : name === endpoint
  const nameOf = namesFor(base, config.title)
  const count = `${endpoints.length} ${endpoints.length === 1 ? 'function' : 'functions'}`
  const key = Object.keys(headers).length === 0 ? 'needs no key' : 'with a key'
  return {
    kind: 'found',
    upstream: {
      title: spaceIn(base) === null ? 'Gradio app' : 'Space',
      address: base,
      facts: [`Gradio ${config.version.slice(0, 20)}`, count, key],
      takesKey: true,
      models: endpoints.map((one) =>
        foundModel(one, nameOf(one), base, isChosen(one), options.now),
      ),
    },
  }
}

function foundModel(
  endpoint: Endpoint,
  ref: ModelRef,
  base: string,
  isChosen: boolean,
  now: number,
): FoundModel {
  const { name, schemas, description, isGenerator } = endpoint
  const described = { schemas, description, seenAt: now }
  return {
    id: name,
    model: describeModel({ ref, described, places: 1, broken: null, now }),
    can: isGenerator ? `${takes(endpoint)}; shows its output as it is made` : takes(endpoint),
    isChosen,
    keepsName: null,
    source: endpointSource([endpointAddress({ base, endpoint: name })]),
    versions: [],
    warmth: 'warm',
    health: nothingToNote,
  }
}

const mostNamed = 4

/** `takes name, style and 3 more`. */
function takes({ inputs }: Endpoint): string {
  const names = inputs.flatMap(({ name }) => (name === null ? [] : [name.slice(0, 40)]))
  if (names.length === 0) return 'takes nothing'
  const more = names.length - mostNamed
  return `takes ${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** `fixture-app/echo`: of the app's title, or of the Space's own name. */
function namesFor(base: string, appTitle: string): (endpoint: Endpoint) => ModelRef {
  const space = spaceIn(base)?.split('/')
  const title = appTitle === 'Gradio' ? '' : plainName(appTitle)
  const owner = (space ? plainName(space[0] ?? '') : title) || fallbackOwner
  const before = space ? plainName(space[1] ?? '') : ''
  return ({ name }) => {
    const own = plainName(name) || 'app'
    const cut = (before === '' ? own : `${before}-${own}`).slice(0, 60).replace(/-$/, '')
    return parseModelRef(`${owner}/${cut}`) ?? { owner: fallbackOwner, name: cut }
  }
}

const fallbackOwner = 'gradio'
