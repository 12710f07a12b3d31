import type { Field, Form } from './form.ts'
import { isConversation, isTuning, mayBeMain } from './input-role.ts'

/** A form with more fields than this is folded. */
const mostAtOnce = 8
/** The fewest fields that are worth folding. */
const fewestFolded = 3

/** A long form in two parts, each in the order of its schema, with deprecated inputs last. */
export interface FormGroups {
  readonly first: readonly Field[]
  /** Folded, unless one of them has an error. */
  readonly more: readonly Field[]
}

/**
 * Never folded: the first input, required ones, prompts, texts, main files, and inputs without a
 * default. Seeds, masks, tuning parameters and the turns before a prompt are folded first, then the last of the rest.
 */
export function groupFields({ fields }: Form): FormGroups {
  const current = fields.filter((field) => !isDeprecated(field))
  const ordered = [...current, ...fields.filter(isDeprecated)]
  if (ordered.length <= mostAtOnce) return { first: ordered, more: [] }
  const foldable = ordered.slice(1).filter(({ property }) => !property.required)
  const hasPrompt = ordered.some(({ property }) => property.name === 'prompt')
  const isBefore = ({ property }: Field) => hasPrompt && isConversation(property)
  const foldedFirst = foldable.filter(
    (field) => isDeprecated(field) || isOnlyTuning(field) || isBefore(field),
  )
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
