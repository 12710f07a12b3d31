import { formatJson, isList, type Json, type JsonObject } from '../json/json.ts'
import { listIn, objectIn } from '../json/parts.ts'
import { type Code, code, joined, value } from './code.ts'
import { shellText } from './literal.ts'

/** A body: its media type, and its schema. */
export interface Content {
  readonly type: string
  readonly schema: Json | undefined
}

/** A request to an operation of an OpenAPI document, for a shell: what is required, and no more. */
export function requestExample(
  document: JsonObject,
  path: string,
  method: string,
  content: Content | null,
): Code {
  const verb = method === 'get' ? '' : ` -X ${method.toUpperCase()}`
  const url = value(
    `"$SANDPIT${path.replace(/\{(\w+)\}/g, (_all, name) => `$${name.toUpperCase()}`)}"`,
  )
  const lines = [
    code`curl${verb} ${url}`,
    code`-H ${value('"Authorization: Bearer $SANDPIT_TOKEN"')}`,
    ...bodyLines(document, content),
  ]
  return joined(lines, ' \\\n  ')
}

function bodyLines(document: JsonObject, content: Content | null): Code[] {
  if (!content) return []
  if (content.type.startsWith('multipart/')) return [code`-F ${value('content=@photo.jpg')}`]
  const type = code`-H ${value(shellText(`Content-Type: ${content.type}`))}`
  if (content.type !== 'application/json') return [type, code`-d ${value(shellText('words'))}`]
  const body = sampleOf(document, content.schema)
  return [type, code`-d ${value(shellText(formatJson(body)))}`]
}

/** A value of a schema: what is required of an object, and the first of what may be chosen. */
function sampleOf(document: JsonObject, given: Json | undefined, depth = 0): Json {
  const schema = objectIn(given)
  const name = schemaName(schema)
  const schemas = objectIn(objectIn(document.components).schemas)
  if (name !== null) return depth > 4 ? {} : sampleOf(document, schemas[name], depth + 1)
  if (isList(schema.enum)) return schema.enum[0] ?? null
  const [first] = listIn(schema.anyOf ?? schema.oneOf)
  if (first !== undefined) return sampleOf(document, first, depth + 1)
  if (schema.properties !== undefined) return sampleObject(document, schema, depth)
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return '…'
  }
}

function sampleObject(document: JsonObject, schema: JsonObject, depth: number): JsonObject {
  const required = listIn(schema.required)
  const entries = Object.entries(objectIn(schema.properties))
  const needed = entries.filter(([name]) => required.includes(name))
  const shown = needed.length > 0 ? needed : entries.slice(0, 1)
  return Object.fromEntries(shown.map(([name, one]) => [name, sampleOf(document, one, depth + 1)]))
}

/** The name that a schema goes by in its document. */
export function schemaName({ $ref }: JsonObject): string | null {
  return typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? null) : null
}
