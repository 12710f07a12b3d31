import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { type Form, fillForm, linkedForm, type Submission } from '../../domain/form/form.ts'
import { linkValues } from '../../domain/form/form-json.ts'
import { isList, type Json, type JsonObject } from '../../domain/json/json.ts'
import type { Model } from '../../domain/model/model.ts'
import { may } from '../../domain/policy.ts'
import type { ModelSchema } from '../../domain/schema/schema.ts'
import { hasModelAsset } from '../files/model-asset.ts'
import { originOf } from '../request/page.tsx'
import { findStoredFile, resolveFileAddresses } from './file-addresses.ts'

/** What a link says, by name. */
export type FormQuery = Readonly<Record<string, readonly string[]>>

/** The form as its address asks for it: blank, with the example, or with an earlier input. */
export async function openForm(
  c: Context,
  deps: Deps,
  model: Model,
  viewer: string,
  query: FormQuery,
  takeExample: typeof withAssetAddresses = withAssetAddresses,
): Promise<Form> {
  const schema = model.version.schema
  const [from] = query.from ?? []
  if (from !== undefined) {
    const earlier = await deps.runner.find(from)
    if (earlier && may({ id: viewer, operator: false }, 'see', earlier))
      return fillForm(schema, earlier.input, earlier.files)
  }
  const example = exampleOf(model, query.example?.[0])
  if (example) return fillForm(schema, await takeExample(c, deps, model, example))
  const linked = await resolveFileAddresses(schema, linkedInputs(schema, query), (text) =>
    findStoredFile(text, c, deps),
  )
  return linkedForm(schema, linked.inputs, linked.kept)
}

/** `default` is the first example; the others go by their number, from 1. */
function exampleOf({ examples }: Model, asked: string | undefined): JsonObject | undefined {
  return asked === 'default' ? examples[0] : examples[Number(asked) - 1]
}

/** What a link asks of the page itself; an input of such a name is written `input.from`. */
const ownParameters: ReadonlySet<string> = new Set(['from', 'example', 'version'])

/** The inputs that a link names: `input.prompt`, or `prompt` for short. */
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

/**
 * An example names its files relative to its model, `./photo.jpg`: a form has their addresses, and
 * they are kept once it is sent. To open a form writes nothing.
 */
async function withAssetAddresses(c: Context, deps: Deps, model: Model, example: JsonObject) {
  async function addressed(value: Json): Promise<Json> {
    if (isList(value)) return Promise.all(value.map(addressed))
    if (typeof value !== 'string' || !value.startsWith('./')) return value
    const name = value.slice(2)
    if (!(await hasModelAsset(deps, model, name))) return value
    return originOf(c, deps) + deps.paths.modelFile(model.ref, name)
  }
  const values = Object.entries(example).map(
    async ([name, value]) => [name, await addressed(value)] as const,
  )
  return Object.fromEntries(await Promise.all(values))
}

/** The query of a link to a form as it is: no secrets, no uploads, nothing that is so anyway. */
export function linkQuery(schema: ModelSchema, form: Form): string {
  return queryText(inputsToLink(schema, form))
}

/** The query that opens a form, which was opened by one, elsewhere. What was secret in it is gone. */
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
