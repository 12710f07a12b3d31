import { acceptOf } from './fields/file.ts'
import { fieldTypeOf } from './fields/index.ts'
import { itemProperty, itemTypeOf } from './fields/rows.ts'
import type { StoredFile } from './file.ts'
import type { Model, ModelRef } from './model.ts'
import { type Property, readSchema } from './schema.ts'

/** An input that could take a file: where an output can go on from here. */
export interface Taker {
  readonly model: ModelRef
  /** Name of the input. */
  readonly input: string
}

/** The first input of each model that takes such a file; those that ask for its very kind come first. */
export function takersOf(file: StoredFile, models: readonly Model[]): readonly Taker[] {
  const found = models
    .filter(({ broken }) => broken === null)
    .flatMap((model) => {
      const asked = readSchema(model.version.schemas).input.map((property) => ({
        input: property.name,
        fit: fitOf(property, file),
      }))
      const best = asked.toSorted((a, b) => b.fit - a.fit)[0]
      return best && best.fit > 0 ? [{ model: model.ref, ...best }] : []
    })
  return found.toSorted((a, b) => b.fit - a.fit).map(({ model, input }) => ({ model, input }))
}

/** 0: takes no such file; 1: any file; 2: files of its kind. */
export function fitOf(property: Property, file: StoredFile): 0 | 1 | 2 {
  const ofFiles = itemTypeOf(property)?.kind === 'file'
  if (fieldTypeOf(property).kind !== 'file' && !ofFiles) return 0
  const item = ofFiles ? { ...itemProperty(property), name: property.name } : property
  const accept = acceptOf(item)
  if (accept === undefined) return 1
  return accept.split(',').some((pattern) => accepts(pattern.trim(), file)) ? 2 : 0
}

function accepts(pattern: string, { type, name }: StoredFile): boolean {
  if (pattern.startsWith('.')) return name.toLowerCase().endsWith(pattern.toLowerCase())
  return pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}
