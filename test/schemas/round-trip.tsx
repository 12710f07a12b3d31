import { type Field, type Form, fillForm } from '../../src/domain/form/form.ts'
import { readForm } from '../../src/domain/form/read-form.ts'
import {
  formatJson,
  isObject,
  type Json,
  type JsonObject,
  parseJson,
  sameJson,
} from '../../src/domain/json/json.ts'
import { type ModelSchema, readSchema, schemasOf } from '../../src/domain/schema/schema.ts'
import { validationError } from '../../src/domain/schema/validator.ts'
import { PredictionForm } from '../../views/form/prediction-form.tsx'
import { sentByBrowser } from '../support/browser-form.ts'

export type Outcome =
  /** The example came back as it was. */
  | { readonly is: 'same' }
  /** The example does not fit its own schema: its form opened with the values and the errors. */
  | { readonly is: 'marked' }
  | { readonly is: 'failed'; readonly reason: string }

export interface Trip {
  readonly name: string
  readonly outcome: Outcome
  /** The prompts that its form folds away: there are to be none. */
  readonly foldedPrompts: readonly string[]
  /** Compile, render and decode, in milliseconds. */
  readonly ms: number
}

/** Opens a model's form with its example, and sends it as a browser would. */
export function roundTrip(text: string): Trip {
  const model = parseJson(text)
  const name = isObject(model) ? `${model.owner}/${model.name}` : 'not an object'
  const started = performance.now()
  try {
    const travelled = isObject(model) ? travel(model) : { outcome: failed('not an object') }
    return { name, foldedPrompts: [], ...travelled, ms: performance.now() - started }
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { name, foldedPrompts: [], outcome: failed(reason), ms: performance.now() - started }
  }
}

function travel(model: JsonObject): Pick<Trip, 'outcome'> & Partial<Trip> {
  const version = isObject(model.latest_version) ? model.latest_version : {}
  const schemas = schemasOf(version.openapi_schema ?? null)
  if (!schemas) return { outcome: failed('no schema with an Input') }
  const schema = readSchema(schemas)
  const example = isObject(model.default_example) ? model.default_example.input : null
  const input = isObject(example) ? example : {}
  const form = fillForm(schema, input)
  const html = drawnForm(form)
  return { outcome: outcomeOf(schema, input, form, html), foldedPrompts: foldedPromptsIn(html) }
}

/** Names of the texts called a prompt that stand within the fold of a form. */
export function foldedPromptsIn(html: string): string[] {
  const [, fold = ''] = /<details class="more"(.*)<\/details>/s.exec(html) ?? []
  const names = fold.matchAll(/<(?:textarea|input type="text") [^>]*name="input\.([^"]*)"/g)
  return [...names].flatMap(([, name = '']) => (/prompt/i.test(name) ? [name] : []))
}

function outcomeOf(schema: ModelSchema, input: JsonObject, form: Form, html: string): Outcome {
  const submission = sentFrom(html)
  // A secret is asked for each time, and a person gives it each time.
  for (const { name } of schema.input.filter((property) => property.schema.secret))
    submission.set(name, ['given'])
  const reading = readForm(schema, submission)
  if (!fits(schema, input)) {
    const shown = form.fields.every((field) => isShown(field, input))
    return shown ? { is: 'marked' } : failed('a value of the example is not shown')
  }
  if (!reading.ok) {
    const wrong = reading.form.fields.filter((field) => field.error !== null)
    return failed(
      wrong.map((field) => `${field.property.name} (${field.kind}): ${field.error}`).join('; '),
    )
  }
  const expected = meant(schema, input)
  const sent = meant(schema, reading.input)
  return sameJson(sent, expected) ? { is: 'same' } : failed(difference(expected, sent))
}

/** A form as a page has it. */
export function drawnForm(form: Form): string {
  return String(
    <PredictionForm
      model={{ owner: 'owner', name: 'name' }}
      version=''
      form={form}
      formKey=''
      warmth='cold'
      beside=''
      hasExample
      hasSecrets={false}
    />,
  )
}

/** The form data a browser would send right after opening the page. */
export function sentFrom(html: string): Map<string, string[]> {
  const submission = new Map<string, string[]>()
  for (const [name, value] of sentByBrowser(html)) {
    if (!name.startsWith('input.')) continue
    const key = name.slice('input.'.length)
    submission.set(key, [...(submission.get(key) ?? []), value])
  }
  return submission
}

/** The input that the form represents: unknown keys have no field, and secrets and blanks are not sent. */
function meant(schema: ModelSchema, input: JsonObject): JsonObject {
  const known = schema.input.flatMap(({ name, schema: own }) => {
    const value = Object.hasOwn(input, name) ? input[name] : undefined
    const blank = value === undefined || value === null || (value === '' && !own.default)
    return blank || own.secret ? [] : [[name, value] as const]
  })
  return Object.fromEntries(known)
}

/** Whether the field shows the example's value, whatever is wrong with it. */
function isShown({ property, shown }: Field, input: JsonObject): boolean {
  const value = Object.hasOwn(input, property.name) ? input[property.name] : null
  const nothing = value === null || value === undefined || value === ''
  return (
    nothing || property.schema.secret || shown.some((entry) => entry !== '') || sameJson(value, [])
  )
}

function fits(schema: ModelSchema, input: JsonObject): boolean {
  return schema.input.every((property) => {
    const value = Object.hasOwn(input, property.name) ? input[property.name] : undefined
    if (value === undefined) return !property.required
    return validationError(value, property.schema, schema) === null
  })
}

function difference(expected: JsonObject, sent: JsonObject): string {
  const names = new Set([...Object.keys(expected), ...Object.keys(sent)])
  const differ = [...names].filter((name) => !sameJson(expected[name] ?? null, sent[name] ?? null))
  return differ
    .map((name) => `${name}: ${shown(expected[name])} became ${shown(sent[name])}`)
    .join('; ')
}

function shown(json: Json | undefined): string {
  return json === undefined ? 'nothing' : formatJson(json).slice(0, 200)
}

function failed(reason: string): Outcome {
  return { is: 'failed', reason }
}
