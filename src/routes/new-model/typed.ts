import type { Context } from 'hono'
import type { CarriedField } from '../../../views/new-model/key-form.tsx'
import type { Deps } from '../../deps.ts'
import type { ChosenParts, FoundUpstream } from '../../providers/provider.ts'
import type { Wish } from './decide.ts'
import { chosenParts } from './workflow-choice.ts'

/** The form of `/models/new` as it was sent. */
export interface Typed {
  readonly where: string
  /** Null when none was typed: the one that is kept for the address stays. */
  readonly key: string | null
  /** The same for the next page, which must not show it; null for none. */
  readonly heldKey: string | null
  /** The text of the file that belongs to the address; null for none. */
  readonly document: string | null
  /** The parts of that file to be inputs and outputs; null before there were any to choose from. */
  readonly parts: ChosenParts | null
  /** The kinds that models are said to be of, by the upstream's names for them. */
  readonly kinds: ReadonlyMap<string, string>
  /** Whether what is there is to be started to answer, and waited for. */
  readonly onDemand: boolean
  /** A part of the names of the models to show; empty for all. */
  readonly filter: string
  /** Whether models were there to choose from already. */
  readonly hasModels: boolean
  /** The fields for models, as they were sent: for a page that asks for something else first. */
  readonly carried: readonly CarriedField[]
  /** What was typed for models of an upstream, chosen or not. */
  wishesFor(upstream: FoundUpstream): readonly Wish[]
}

const onDemandField = 'on-demand'

/** Fields that the next page has of its own. */
const notCarried: ReadonlySet<string> = new Set(['where', 'key', 'held-key', onDemandField])

/** The most models that one form saves. */
const mostModels = 200

export function typedIn(c: Context, { upstreamKeys }: Pick<Deps, 'upstreamKeys'>): Typed {
  const fields = c.get('formFields')
  const textOf = (name: string) => fields.get(name)?.trim() ?? ''
  const where = textOf('where')
  const key = textOf('key') || upstreamKeys.held(where, textOf('held-key'))

  function wishOf(id: string, name: string, isChosen: boolean): Wish {
    const replaces = name !== '' && [textOf('replace'), textOf(`replace-${id}`)].includes(name)
    return { id, name, isChosen, version: textOf('version'), replaces }
  }

  return {
    where,
    key,
    heldKey: key === null ? null : upstreamKeys.hold(where, key),
    document: textOf('document') || null,
    parts: chosenParts(c),
    kinds: new Map([...fields].flatMap(([name, text]) => kindIn(name, text))),
    onDemand: textOf(onDemandField) === 'yes',
    filter: textOf('filter'),
    hasModels: fields.has('filter') || fields.has('name'),
    carried: [...c.get('formLists')]
      .filter(([name]) => !notCarried.has(name))
      .flatMap(([name, values]) => values.map((value) => ({ name, value }))),
    wishesFor({ models }) {
      const [only, ...others] = models
      if (only && others.length === 0) return [wishOf(only.id, textOf('name'), true)]
      const taken = new Set(c.get('formLists').get('take')?.slice(0, mostModels))
      const named = models.filter(({ id }) => fields.has(`name-${id}`) && !taken.has(id))
      return [
        ...[...taken].map((id) => wishOf(id, textOf(`name-${id}`), true)),
        ...named.map(({ id }) => wishOf(id, textOf(`name-${id}`), false)),
      ]
    },
  }
}

/** The kind of a model, when a field is one for it. */
function kindIn(field: string, kind: string): readonly (readonly [id: string, kind: string])[] {
  return field.startsWith(kindField) ? [[field.slice(kindField.length), kind]] : []
}

const kindField = 'kind-'
