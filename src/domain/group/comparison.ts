import type { StoredFile } from '../file/file.ts'
import type { Entry } from '../form/fields/field-type.ts'
import type { Submission } from '../form/form.ts'
import { type ModelRef, modelName } from '../model-ref.ts'
import type { ModelSchema } from '../schema/schema.ts'
import type { Property } from '../schema/value-schema.ts'
import { type SharedInput, type SharedInputs, shareInputs, type Taker } from './shared-inputs.ts'

export interface ComparedModel {
  readonly ref: ModelRef
  readonly schema: ModelSchema
  /** See `Model`. */
  readonly countsAs: Readonly<Record<string, string>>
}

/** Models that are to run with the same values, and how their inputs are shared. */
export interface Comparison {
  readonly models: readonly ComparedModel[]
  readonly inputs: SharedInputs
}

/**
 * The entries of a form, by their names in the whole form, and the stored files that they refer to.
 * An input of one model alone is named `owner/name.input`; by its own name, a value is for all models.
 */
export interface ComparedValues {
  readonly inputs: Submission
  readonly kept: readonly StoredFile[]
}

/** Stands before the names of the inputs of one model alone. */
export function scopeOf(ref: ModelRef): string {
  return `${modelName(ref)}.`
}

/** `isJoined`: whether a person joined an input, by its name in the whole form, to another one; null when they say nothing. */
export function compareModels(
  models: readonly ComparedModel[],
  isJoined: (scoped: string, as: string) => boolean | null,
): Comparison {
  const scoped = ({ model, property }: Taker) => scopedName(models[model], property)
  const sharers = models.map(({ schema: { input }, countsAs }) => ({ input, countsAs }))
  return { models, inputs: shareInputs(sharers, (join) => isJoined(scoped(join), join.as)) }
}

function scopedName(model: ComparedModel | undefined, { name }: Property): string {
  return (model ? scopeOf(model.ref) : '') + name
}

/** All inputs by their names in the whole form, and by those that links and earlier forms may have for them. */
export function wholeInputs({ models, inputs: { shared, own } }: Comparison): readonly Property[] {
  const scoped = own.flatMap((properties, model) =>
    properties.map((property) => ({ ...property, name: scopedName(models[model], property) })),
  )
  const taken = shared.flatMap(({ takers }) =>
    takers.flatMap((taker) => [
      { ...taker.property, name: scopedName(models[taker.model], taker.property) },
      taker.property,
    ]),
  )
  return [...shared.map(({ property }) => property), ...scoped, ...own.flat(), ...taken]
}

/** The entries of a form for one model. */
export function submissionOf(
  comparison: Comparison,
  values: ComparedValues,
  model: number,
): Submission {
  const { shared, own } = comparison.inputs
  const submission = new Map<string, readonly Entry[]>()
  for (const input of shared) {
    const taker = input.takers.find((one) => one.model === model)
    const entries = sharedEntries(comparison, values.inputs, input)
    if (taker && entries) submission.set(taker.property.name, entries)
  }
  for (const property of own[model] ?? []) {
    const entries = values.inputs.get(nameOfEntries(comparison, values.inputs, model, property))
    if (entries) submission.set(property.name, entries)
  }
  return submission
}

/** The entries of a shared input: its own, or those of a model from before it was shared. */
export function sharedEntries(
  { models }: Comparison,
  inputs: Submission,
  { property, takers }: SharedInput,
) {
  const scoped = takers.map((one) => scopedName(models[one.model], one.property))
  const names = [property.name, ...scoped, ...takers.map((one) => one.property.name)]
  return inputs.get(names.find((name) => inputs.has(name)) ?? '')
}

/** An input of one model has the entries of its own name in the whole form, else those that are for all models. */
export function nameOfEntries(
  { models }: Comparison,
  inputs: Submission,
  model: number,
  property: Property,
): string {
  const scoped = scopedName(models[model], property)
  return inputs.has(scoped) ? scoped : property.name
}
