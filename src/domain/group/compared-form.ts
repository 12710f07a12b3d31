import type { Entry } from '../form/fields/field-type.ts'
import { fieldTypeOf } from '../form/fields/index.ts'
import { blankField, type Field, type Form } from '../form/form.ts'
import { linkValues } from '../form/form-json.ts'
import { type FormReading, readField, readForm } from '../form/read-form.ts'
import { modelName } from '../model-ref.ts'
import type { Property } from '../schema/value-schema.ts'
import {
  type ComparedModel,
  type ComparedValues,
  type Comparison,
  nameOfEntries,
  scopeOf,
  sharedEntries,
  submissionOf,
} from './comparison.ts'
import type { Taker } from './shared-inputs.ts'

/** The form of a comparison: the inputs that are asked for once, and those of each model. */
export interface ComparedForm {
  readonly shared: Form
  readonly own: readonly Form[]
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

/** The values of the form that belong in a link, by their names in the whole form. */
export function comparisonLink(
  { models, inputs }: Comparison,
  { shared, own }: ComparedForm,
): readonly (readonly [name: string, text: string])[] {
  const forAll = shared.fields.flatMap((field, at) => {
    const schema = models[inputs.shared[at]?.takers[0]?.model ?? -1]?.schema
    return schema ? linkValues(schema, { fields: [field] }) : []
  })
  const forOne = own.flatMap((form, at) => {
    const model = models[at]
    if (!model) return []
    return linkValues(model.schema, form).map(
      ([name, text]) => [scopeOf(model.ref) + name, text] as const,
    )
  })
  return [...forAll, ...forOne]
}
