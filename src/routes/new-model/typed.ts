import type { Context } from 'hono'
import type { ChosenParts, FoundUpstream } from '../../providers/provider.ts'
import type { Wish } from './decide.ts'
import { chosenParts } from './workflow-choice.ts'

/** The form of `/models/new` as it was sent. */
export interface Typed {
  readonly where: string
  /** Null when none was typed: the one that is kept for the address stays. */
  readonly key: string | null
  /** The text of the file that belongs to the address; null for none. */
  readonly document: string | null
  /** The parts of that file to be inputs and outputs; null before there were any to choose from. */
  readonly parts: ChosenParts | null
  /** The models of an upstream that are to be saved. */
  wishesFor(upstream: FoundUpstream): readonly Wish[]
}

/** The most models that one form saves. */
const mostModels = 200

export function typedIn(c: Context): Typed {
  const fields = c.get('formFields')
  const textOf = (name: string) => fields.get(name)?.trim() ?? ''

  function wishOf(id: string, name: string): Wish {
    const replaces = name !== '' && textOf('replace') === name
    return { id, name, version: textOf('version'), replaces }
  }

  return {
    where: textOf('where'),
    key: textOf('key') || null,
    document: textOf('document') || null,
    parts: chosenParts(c),
    wishesFor({ models: [only, ...others] }) {
      if (only && others.length === 0) return [wishOf(only.id, textOf('name'))]
      const taken = new Set(c.get('formLists').get('take')?.slice(0, mostModels))
      return [...taken].map((id) => wishOf(id, textOf(`name-${id}`)))
    },
  }
}
