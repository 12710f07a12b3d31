import type { StoredFile } from '../file/file.ts'
import { acceptOf } from '../form/fields/file.ts'
import { takesFiles } from '../form/fields/index.ts'
import type { ModelRef } from '../model-ref.ts'
import type { Property } from '../schema/value-schema.ts'
import type { Model } from './model.ts'

/** An input that accepts a given file, so that an output can be used there. */
export interface CompatibleInput {
  readonly model: ModelRef
  /** Name of the input. */
  readonly input: string
}

/**
 * Each input that accepts a file, model by model. Models and inputs that ask for its type come
 * first.
 */
export function compatibleInputs(
  file: StoredFile,
  models: readonly Model[],
): readonly CompatibleInput[] {
  const found = models
    .filter(({ broken }) => broken === null)
    .map((model) => {
      const asked = model.version.schema.input.map((property) => ({
        input: { model: model.ref, input: property.name },
        fit: acceptRank(property, file),
      }))
      return asked.filter(({ fit }) => fit > 0).toSorted((a, b) => b.fit - a.fit)
    })
  return found
    .toSorted((a, b) => (b[0]?.fit ?? 0) - (a[0]?.fit ?? 0))
    .flatMap((inputs) => inputs.map(({ input }) => input))
}

/**
 * 0: the input does not accept the file; 1: it accepts any file; 2: it asks for files of its type.
 */
export function acceptRank(property: Property, file: StoredFile): 0 | 1 | 2 {
  if (!takesFiles(property)) return 0
  const accept = acceptOf(property)
  if (accept === undefined) return 1
  return accept.split(',').some((pattern) => accepts(pattern.trim(), file)) ? 2 : 0
}

function accepts(pattern: string, { type, name }: StoredFile): boolean {
  if (pattern.startsWith('.')) return name.toLowerCase().endsWith(pattern.toLowerCase())
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}
