import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { type Form, fillForm, type Submission } from '../../domain/form/form.ts'
import { linkValues } from '../../domain/form/form-json.ts'
import { linkedForm } from '../../domain/form/read-form.ts'
import { isList, type Json, type JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { hasModelAsset } from '../files/model-asset.ts'
import { originOf } from '../request/page.tsx'
import { mayWith } from '../request/rights.ts'
import { findStoredFile, resolveFileAddresses } from './file-addresses.ts'

/** The parameters of a form’s URL, by name. */
export type FormQuery = Readonly<Record<string, readonly string[]>>

/** The form that a URL opens: blank, with an example, with an earlier input, or with values of its own. */
export async function openForm(
  c: Context,
  deps: Deps,
  model: Model,
  viewer: Viewer,
  query: FormQuery,
  takeExample: typeof withAssetAddresses = withAssetAddresses,
): Promise<Form> {
  const schema = model.version.schema
  const earlier = await earlierIn(deps, viewer, query)
  if (earlier) return fillForm(schema, earlier.input, earlier.files)
  const example = exampleOf(model, query.example?.[0])
  if (example) return fillForm(schema, await takeExample(c, deps, model, example))
  const linked = await resolveFileAddresses(schema, linkedInputs(schema, query), (text) =>
    findStoredFile(text, c, deps, viewer),
  )
  return linkedForm(schema, linked.inputs, linked.kept)
}

/** The prediction that a URL names; null when there is none, or the viewer may not see it. */
export async function earlierIn(
  deps: Deps,
  viewer: Viewer,
  query: FormQuery,
): Promise<Prediction | null> {
  const [from] = query.prediction ?? query.from ?? []
  const earlier = from === undefined ? null : await deps.runner.find(from)
  return earlier && mayWith(deps, viewer, 'see', earlier) ? earlier : null
}

/** `default` is the first example; others are named by their number, from 1. */
function exampleOf({ examples }: Model, asked: string | undefined): JsonObject | undefined {
  return asked === 'default' ? examples[0] : examples[Number(asked) - 1]
}

/** Parameters of the page itself. An input of such a name is written `input.from`. */
const ownParameters: ReadonlySet<string> = new Set([
  'prediction',
  'from',
  'example',
  'blank',
  'version',
])

/** The inputs in a query: `input.prompt`, or `prompt` for short. */
function linkedInputs(
  schema: ModelSchema,
  query: Readonly<Record<string, readonly string[]>>,
): Submission {
  return new Map(
    schema.input.flatMap(({ name, schema: own }) => {
      const short = ownParameters.has(name) || !Object.hasOwn(query, name) ? undefined : query[name]
      const texts = query[`input.${name}`] ?? short
      return texts && !own.secret ? [[name, texts] as const] : []
    }),
  )
}

function withAssetAddresses(c: Context, deps: Deps, model: Model, example: JsonObject) {
  return exampleAt(deps, model, example, originOf(c, deps))
}

/**
 * Replaces the files of an example, such as `./photo.jpg`, by their URLs. They are stored when the form
 * is sent: opening a form writes nothing.
 */
export async function exampleAt(deps: Deps, model: Model, example: JsonObject, origin: string) {
  async function addressed(value: Json): Promise<Json> {
    if (isList(value)) return Promise.all(value.map(addressed))
    if (typeof value !== 'string' || !value.startsWith('./')) return value
    const name = value.slice(2)
    if (!(await hasModelAsset(deps, model, name))) return value
    return origin + deps.paths.modelFile(model.ref, name)
  }
  const values = Object.entries(example).map(
    async ([name, value]) => [name, await addressed(value)] as const,
  )
  return Object.fromEntries(await Promise.all(values))
}

/** The query that opens a form with these inputs. Without secrets, uploads and default values. */
export function linkQuery(schema: ModelSchema, form: Form): string {
  return queryText(inputsToLink(schema, form))
}

/** The query with which another tab of the model opens the same form. Without secrets. */
export function sameQuery(schema: ModelSchema, form: Form, query: FormQuery): string {
  const own = [...ownParameters].flatMap((name) => {
    const [value] = query[name] ?? []
    return value === undefined ? [] : [[name, value]]
  })
  const isWhole = own.some(([name]) => name !== 'version')
  return queryText(isWhole ? own : [...own, ...inputsToLink(schema, form)])
}

function inputsToLink(schema: ModelSchema, form: Form): string[][] {
  return linkValues(schema, form).map(([name, text]) => [`input.${name}`, text])
}

function queryText(parameters: string[][]): string {
  const query = new URLSearchParams(parameters).toString()
  return query && `?${query}`
}
