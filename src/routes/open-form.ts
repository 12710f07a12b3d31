import type { Deps } from '../deps.ts'
import { fileUri, type StoredFile } from '../domain/file.ts'
import { type Form, fillForm, linkedForm, type Submission } from '../domain/form.ts'
import { linkValues } from '../domain/form-json.ts'
import { isList, type Json, type JsonObject } from '../domain/json.ts'
import type { Model } from '../domain/model.ts'
import { may } from '../domain/policy.ts'
import { type ModelSchema, readSchema } from '../domain/schema.ts'
import { keepAsset } from './model-asset.ts'
import { withOwnFiles } from './own-files.ts'

/** What a link says, by name. */
export type FormQuery = Readonly<Record<string, readonly string[]>>

/** The form as its address asks for it: blank, with the example, or with an earlier input. */
export async function openForm(
  deps: Deps,
  model: Model,
  viewer: string,
  query: FormQuery,
  takeExample: typeof keepExampleFiles = keepExampleFiles,
): Promise<Form> {
  const schema = readSchema(model.version.schemas)
  const [from] = query.from ?? []
  if (from !== undefined) {
    const earlier = await deps.runner.find(from)
    if (earlier && may({ id: viewer, operator: false }, 'see', earlier))
      return fillForm(schema, earlier.input, earlier.files)
  }
  const example = exampleOf(model, query.example?.[0])
  if (example) {
    const { input, files } = await takeExample(deps, model, example)
    return fillForm(schema, input, files)
  }
  const linked = await withOwnFiles(deps, schema, linkedInputs(schema, query))
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

/** An example names its files relative to its model, `./photo.jpg`: a form takes them as uploads. */
async function keepExampleFiles(deps: Deps, model: Model, example: JsonObject) {
  const files: StoredFile[] = []
  async function kept(value: Json): Promise<Json> {
    if (isList(value)) return Promise.all(value.map(kept))
    if (typeof value !== 'string' || !value.startsWith('./')) return value
    const file = await keepAsset(deps, model, value.slice(2))
    if (!file) return value
    files.push(file)
    return fileUri(file)
  }
  const values = Object.entries(example).map(
    async ([name, value]) => [name, await kept(value)] as const,
  )
  return { input: Object.fromEntries(await Promise.all(values)), files }
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
