import { type ModelRef, modelName } from '../../domain/model-ref.ts'

const longestName = 64

/**
 * Gives out names, each once: the wished one, or the first of `name-2`, `name-3`… that nobody has. `taken`: names
 * that models have already, as `owner/name`.
 */
export function createFreeNames(taken: Iterable<string>): (wished: ModelRef) => ModelRef {
  const used = new Set(taken)
  /** The number to go on with, so that many models with one wish are counted once. */
  const next = new Map<string, number>()

  return (wished) => {
    let ref = wished
    let number = next.get(modelName(wished)) ?? 2
    while (used.has(modelName(ref))) ref = numbered(wished, number++)
    next.set(modelName(wished), number)
    used.add(modelName(ref))
    return ref
  }
}

function numbered({ owner, name }: ModelRef, number: number): ModelRef {
  const end = `-${number}`
  let length = Math.min(name.length, longestName - end.length)
  // No sign follows another one.
  while (/[-._]/.test(name.charAt(length - 1))) length--
  return { owner, name: `${name.slice(0, length)}${end}` }
}
