import type { StoredFile } from '../file/file.ts'
import { blankField, type Field, type Form, type Submission } from '../form/form.ts'
import { readField, readForm } from '../form/read-form.ts'
import { formatJson, type Json, type JsonObject } from '../json/json.ts'
import type { ModelSchema } from '../schema/schema.ts'
import type { Property } from '../schema/value-schema.ts'
import type { Axis } from './group.ts'
import { type Chance, mayVary, mostAxes, readSweep } from './sweep.ts'

/** An input that takes several values, as a person typed or ticked them. */
export interface Varied {
  readonly name: string
  readonly typed: readonly string[]
}

/** The form of a model in which one or two inputs take several values, as it was sent. */
export interface SweepValues {
  /** The first makes the rows of the grid, the second its columns. */
  readonly varied: readonly Varied[]
  readonly inputs: Submission
  /** The stored files that the form refers to. */
  readonly kept: readonly StoredFile[]
}

export interface SweepLimits {
  /** The most cells of the grid. */
  readonly most: number
  readonly chance: Chance
}

export type SweepFormReading =
  | {
      readonly ok: true
      readonly axes: readonly Axis[]
      /** The input of each cell, row by row. */
      readonly inputs: readonly JsonObject[]
      readonly files: readonly StoredFile[]
    }
  | { readonly ok: false; readonly form: Form; readonly problem?: string }

/** The most text in the inputs of all cells, in UTF-16 units of JSON. */
const mostUnits = 64 * 2 ** 20

/** Those of the names that can vary, each once, as many as span a grid. */
export function axesAmong(schema: ModelSchema, names: readonly string[]): readonly string[] {
  const known = [...new Set(names)].filter((name) =>
    schema.input.some((property) => property.name === name && mayVary(property)),
  )
  return known.slice(0, mostAxes)
}

/** The form as it was sent, without errors. An input that was not asked for has its default. */
export function sentSweep(schema: ModelSchema, { varied, inputs, kept }: SweepValues): Form {
  return {
    fields: schema.input.map((property) => {
      const axis = varied.find(({ name }) => name === property.name)
      if (axis) return variedField(property, axis)
      if (!inputs.has(property.name)) return blankField(property)
      return { ...readField(schema, property, inputs, kept).field, error: null }
    }),
  }
}

function variedField(property: Property, { typed }: Varied, error: string | null = null): Field {
  return { property, kind: 'text', shown: typed, error }
}

/** How many cells the grid has, or a sentence on why it has none. */
export function countCells(schema: ModelSchema, values: SweepValues, limits: SweepLimits) {
  const { axes, errors } = readAxes(schema, values, limits)
  const [wrong] = errors.values()
  return wrong ?? axes.reduce((count, axis) => count * axis.values.length, 1)
}

/** Reads the form: the input of each cell, or the form with its errors. */
export function readSweepForm(
  schema: ModelSchema,
  values: SweepValues,
  limits: SweepLimits,
): SweepFormReading {
  const { axes, errors } = readAxes(schema, values, limits)
  const isVaried = ({ name }: Property) => values.varied.some((axis) => axis.name === name)
  const rest = { ...schema, input: schema.input.filter((property) => !isVaried(property)) }
  const reading = readForm(rest, values.inputs, values.kept)
  if (reading.ok && errors.size === 0) {
    const inputs = cellsOf(axes).map((cell) => ({ ...reading.input, ...cell }))
    const units = formatJson(reading.input).length * inputs.length
    if (units <= mostUnits) return { ok: true, axes, inputs, files: reading.files }
    return { ok: false, form: sentSweep(schema, values), problem: tooMuch }
  }
  const wrong = new Map(errors)
  if (!reading.ok)
    for (const { property, error } of reading.form.fields)
      if (error !== null) wrong.set(property.name, error)
  const fields = sentSweep(schema, values).fields.map((field) => {
    const error = wrong.get(field.property.name) ?? null
    return error === null ? field : { ...field, error }
  })
  return { ok: false, form: { fields } }
}

const tooMuch = `The inputs of all runs have more than ${mostUnits >> 20} MB of text. Use fewer values, or give long texts as files`

function readAxes(schema: ModelSchema, { varied }: SweepValues, limits: SweepLimits) {
  const axes: Axis[] = []
  const errors = new Map<string, string>()
  for (const axis of varied) {
    const property = schema.input.find(({ name }) => name === axis.name)
    const read = property && readAxis(schema, property, axis, limits)
    if (typeof read === 'string') errors.set(axis.name, read)
    else if (read) axes.push(read)
  }
  const cells = axes.reduce((count, axis) => count * axis.values.length, 1)
  const last = axes.at(-1)
  if (last && cells > limits.most)
    errors.set(
      last.input,
      `This makes ${cells} runs. Use fewer values: at most ${limits.most} runs.`,
    )
  return { axes, errors }
}

/** The values of an input that varies, or why they are not valid. */
function readAxis(
  schema: ModelSchema,
  property: Property,
  { typed }: Varied,
  limits: SweepLimits,
): Axis | string {
  const read = readSweep(property, typed, limits)
  if (!read.ok) return read.error
  const values: Json[] = []
  for (const text of read.texts) {
    const entries = new Map([[property.name, [text]]])
    const { field, reading } = readField(schema, property, entries, [])
    if (field.error !== null) return field.error
    if (reading.is === 'value') values.push(reading.value)
  }
  return { input: property.name, values }
}

/** The varied inputs of each cell, row by row. */
function cellsOf(axes: readonly Axis[]): readonly JsonObject[] {
  return axes.reduce<readonly JsonObject[]>(
    (cells, { input, values }) =>
      cells.flatMap((cell) => values.map((value) => ({ ...cell, [input]: value }))),
    [{}],
  )
}
