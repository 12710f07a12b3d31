import { isObject, type Json, type JsonObject } from '../../../domain/json/json.ts'
import { readOpenApi, versionOrNull } from '../containers/openapi-document.ts'

/** The labels that Cog writes, and their names until Cog 0.9. */
const names = {
  config: ['run.cog.config', 'org.cogmodel.config'],
  schema: ['run.cog.openapi_schema', 'org.cogmodel.openapi_schema'],
  version: ['run.cog.version', 'org.cogmodel.cog_version'],
} as const

/** What the labels of an image say of its model. */
export interface Labeled {
  readonly schemas: JsonObject
  readonly streams: boolean
  readonly cogVersion: string | null
  /** The title of the model; null when it has none of its own. */
  readonly title: string | null
  readonly gpu: boolean
  readonly slots: number
  readonly hasInit: boolean
}

/** Reads a JSON text, off the event loop when it is long; undefined for what is no JSON. */
export type ReadText = (text: string) => Promise<Json | undefined>

const mostSlots = 1_000

/** The model that the labels describe; null when they do not hold a schema. */
export async function readLabels(
  labels: Readonly<Record<string, string>>,
  readText: ReadText,
): Promise<Labeled | null> {
  const textOf = (all: readonly string[]) => all.map((name) => labels[name]).find(Boolean)
  const schema = textOf(names.schema)
  if (schema === undefined) return null
  const cogVersion = versionOrNull(textOf(names.version))
  const document = readOpenApi(await readText(schema), cogVersion)
  if (!document) return null
  return {
    ...document,
    cogVersion,
    ...(await readConfig(textOf(names.config), readText)),
    hasInit: labels['run.cog.has_init'] === 'true',
  }
}

/** Of `cog.yaml` as JSON: whether it asks for a GPU, and how many runs it takes at once. */
async function readConfig(text: string | undefined, readText: ReadText) {
  const config = text === undefined ? undefined : await readText(text)
  const gpu = memberOf(memberOf(config, 'build'), 'gpu') === true
  const max = memberOf(memberOf(config, 'concurrency'), 'max')
  const slots = typeof max === 'number' && Number.isInteger(max) ? max : 1
  return { gpu, slots: Math.min(Math.max(1, slots), mostSlots) }
}

function memberOf(json: Json | undefined, name: string): Json | undefined {
  return isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined
}
