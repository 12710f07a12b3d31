import type { Field, Form } from './form.ts'

/** A form of up to this many fields shows them all. */
const mostAtOnce = 8

/** A long form in two parts: what a person has to look at, and what they may. */
export interface FormGroups {
  readonly first: readonly Field[]
  /** Folded away, unless one of them needs another look. */
  readonly more: readonly Field[]
}

/** Required inputs and those without a default come first; deprecated ones always come last. */
export function groupFields({ fields }: Form): FormGroups {
  const current = fields.filter(({ property }) => !property.schema.deprecated)
  const deprecated = fields.filter(({ property }) => property.schema.deprecated)
  if (fields.length <= mostAtOnce) return { first: [...current, ...deprecated], more: [] }
  const needed = current.filter(isNeeded)
  // Where nothing is needed, the first few stand for the rest.
  const first = needed.length > 0 ? needed : current.slice(0, mostAtOnce)
  const rest = current.filter((field) => !first.includes(field))
  return { first, more: [...rest, ...deprecated] }
}

function isNeeded({ property }: Field): boolean {
  return property.required || property.schema.default === undefined
}
