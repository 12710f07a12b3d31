import type { Field, Form } from './form.ts'
import { isTuning, mayBeMain } from './input-role.ts'

/** A form of up to this many fields shows them all; a longer one is folded down to as many. */
const mostAtOnce = 8
/** Fewer than this are not worth a fold. */
const fewestFolded = 3

/** A long form in two parts, each in the order of its schema, with what is deprecated last. */
export interface FormGroups {
  readonly first: readonly Field[]
  /** Folded away, unless one of them needs another look. */
  readonly more: readonly Field[]
}

/**
 * Never folded: the first input, required ones, prompts, texts, main files, and what has no default.
 * Seeds, masks and tuning are folded first, then what stands last among the rest.
 */
export function groupFields({ fields }: Form): FormGroups {
  const current = fields.filter((field) => !isDeprecated(field))
  const ordered = [...current, ...fields.filter(isDeprecated)]
  if (ordered.length <= mostAtOnce) return { first: ordered, more: [] }
  const foldable = ordered.slice(1).filter(({ property }) => !property.required)
  const foldedFirst = foldable.filter((field) => isDeprecated(field) || isOnlyTuning(field))
  const others = foldable.filter((field) => !foldedFirst.includes(field) && hasOtherDefault(field))
  const wanted = Math.max(foldedFirst.length, ordered.length - mostAtOnce, fewestFolded)
  const folded = new Set([...foldedFirst, ...others.toReversed()].slice(0, wanted))
  if (folded.size < fewestFolded) return { first: ordered, more: [] }
  return {
    first: ordered.filter((field) => !folded.has(field)),
    more: ordered.filter((field) => folded.has(field)),
  }
}

function isDeprecated({ property }: Field): boolean {
  return property.schema.deprecated
}

function isOnlyTuning({ property }: Field): boolean {
  return isTuning(property) && !mayBeMain(property)
}

function hasOtherDefault({ property }: Field): boolean {
  return property.schema.default !== undefined && !mayBeMain(property)
}
