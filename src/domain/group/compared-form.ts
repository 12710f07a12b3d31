import type { StoredFile } from '../file/file.ts'
import type { Entry } from '../form/fields/field-type.ts'
import { fieldTypeOf } from '../form/fields/index.ts'
import { blankField, type Field, type Form, type Submission } from '../form/form.ts'
import { type FormReading, readField, readForm } from '../form/read-form.ts'
import { type ModelRef, modelName } from '../model-ref.ts'
import type { ModelSchema } from '../schema/schema.ts'
import type { Property } from '../schema/value-schema.ts'
import { type SharedInput, type SharedInputs, shareInputs, type Taker } from './shared-inputs.ts'

export interface ComparedModel {
  readonly ref: ModelRef
  readonly schema: ModelSchema
}

/** Models that are to run with the same values, and how their inputs are shared. */
export interface Comparison {
  readonly models: readonly ComparedModel[]
  readonly inputs: SharedInputs
}

/** The form of a comparison: the inputs that are asked for once, and those of each model. */
export interface ComparedForm {
  readonly shared: Form
  readonly own: readonly Form[]
}

/**
 * What is known of a form: its entries, by names in the whole form, and the stored files that they refer to.
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

/** `isJoined`: whether a person joined an input, by its name in the whole form, to another one. */
export function compareModels(
  models: readonly ComparedModel[],
  isJoined: (scoped: string, as: string) => boolean,
): Comparison {
  const scoped = ({ model, property }: Taker) => scopedName(models[model], property)
  const schemas = models.map(({ schema }) => schema)
  return { models, inputs: shareInputs(schemas, (join) => isJoined(scoped(join), join.as)) }
}

function scopedName(model: ComparedModel | undefined, { name }: Property): string {
  return (model ? scopeOf(model.ref) : '') + name
}

/** The form with the values of a link, and defaults for the rest. */
export function openComparison(comparison: Comparison, values: ComparedValues): ComparedForm {
  const linked: Reader = (entries, property) => fieldTypeOf(property).readLink(entries, property)
  return drawn(comparison, values, ({ field }) => field, linked)
}

/** The form as it was sent, without errors. An input that was not asked for has its default. */
export function sentComparison(comparison: Comparison, values: ComparedValues): ComparedForm {
  return drawn(comparison, values, ({ field }) => ({ ...field, error: null }))
}

export type ComparisonReading =
  | { readonly ok: true; readonly runs: readonly Extract<FormReading, { ok: true }>[] }
  | { readonly ok: false; readonly form: ComparedForm }

/** Reads the form: the input of each model, or the form with its errors. */
export function readComparison(comparison: Comparison, values: ComparedValues): ComparisonReading {
  const { models } = comparison
  const readings = models.map(({ schema }, model) =>
    readForm(schema, submissionOf(comparison, values, model), values.kept),
  )
  const runs = readings.filter((reading) => reading.ok)
  if (runs.length === readings.length) return { ok: true, runs }
  const errors = readings.map((reading) => (reading.ok ? new Map() : errorsOf(reading.form)))
  const errorAt = ({ model, property }: Taker): string | null =>
    errors[model]?.get(property.name) ?? null
  const form = drawn(comparison, values, ({ field, takers }) => {
    const wrong = takers.filter((taker) => errorAt(taker) !== null)
    const [first] = wrong
    if (!first) return { ...field, error: null }
    const named = wrong.length === takers.length ? '' : `${nameOf(models, first)}: `
    return { ...field, error: `${named}${errorAt(first)}` }
  })
  return { ok: false, form }
}

function nameOf(models: readonly ComparedModel[], { model }: Taker): string {
  const named = models[model]
  return named ? modelName(named.ref) : ''
}

function errorsOf({ fields }: Form): Map<string, string | null> {
  return new Map(fields.map(({ property, error }) => [property.name, error]))
}

/** What the form says for one model. */
function submissionOf(comparison: Comparison, values: ComparedValues, model: number): Submission {
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
function sharedEntries(
  { models }: Comparison,
  inputs: Submission,
  { property, takers }: SharedInput,
) {
  const names = [property.name, ...takers.map((one) => scopedName(models[one.model], one.property))]
  return inputs.get(names.find((name) => inputs.has(name)) ?? '')
}

interface Drawn {
  readonly field: Field
  readonly takers: readonly Taker[]
}

type Reader = (entries: readonly Entry[], property: Property) => readonly Entry[]

function drawn(
  comparison: Comparison,
  { inputs, kept }: ComparedValues,
  finish: (drawn: Drawn) => Field,
  read: Reader = (entries) => entries,
): ComparedForm {
  const { shared, own } = comparison.inputs
  function fieldOf(
    takers: readonly Taker[],
    property: Property,
    entries: readonly Entry[] | undefined,
  ) {
    const schema = comparison.models[takers[0]?.model ?? -1]?.schema
    if (!schema || !entries) return finish({ field: blankField(property), takers })
    const submission = new Map([[property.name, read(entries, property)]])
    return finish({ field: readField(schema, property, submission, kept).field, takers })
  }
  return {
    shared: {
      fields: shared.map((input) =>
        fieldOf(input.takers, input.property, sharedEntries(comparison, inputs, input)),
      ),
    },
    own: own.map((properties, model) => ({
      fields: properties.map((property) => {
        const entries = inputs.get(nameOfEntries(comparison, inputs, model, property))
        return fieldOf([{ model, property }], property, entries)
      }),
    })),
  }
}

/** An input of one model has the entries of its own name in the whole form, else those that are for all models. */
function nameOfEntries(
  { models }: Comparison,
  inputs: Submission,
  model: number,
  property: Property,
): string {
  const scoped = scopedName(models[model], property)
  return inputs.has(scoped) ? scoped : property.name
}
