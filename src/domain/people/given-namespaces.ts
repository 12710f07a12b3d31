import { isOwnerName } from '../model-ref.ts'

const mostNames = 50

export type NamespacesReading =
  | { readonly ok: true; readonly names: readonly string[] }
  /** A sentence that says what to change. */
  | { readonly ok: false; readonly problem: string }

/** The owner names that were given by hand, as a form shows them. */
export function namespacesText(names: readonly string[]): string {
  return names.join(', ')
}

/** Reads owner names that are separated by commas or spaces, each of them once. */
export function readNamespaces(text: string): NamespacesReading {
  const names = [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))]
  const wrong = names.find((name) => !isOwnerName(name))
  if (wrong !== undefined)
    return {
      ok: false,
      problem: `“${wrong.slice(0, 80)}” cannot be an owner name: use letters, digits, dots and dashes, at most 64, and no name of a page.`,
    }
  if (names.length > mostNames)
    return { ok: false, problem: `At most ${mostNames} owner names can be given by hand.` }
  return { ok: true, names }
}
