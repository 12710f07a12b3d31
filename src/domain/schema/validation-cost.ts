import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** How often a validator may look at any part of a value before it is not asked at all. */
const mostVisits = 100_000

/** How deep schemas within schemas, and values within values, may take it: each level is stack. */
const mostDepth = 2_000

interface Walk {
  readonly definitions: JsonObject
  left: number
}

/**
 * Whether a value can be checked against a schema in a bounded time. Alternatives within
 * alternatives multiply, and a few lines of schema can ask for more than a lifetime of looking.
 */
export function isAffordable(value: Json, document: JsonObject): boolean {
  const definitions = isObject(document.definitions) ? document.definitions : {}
  const walk = { definitions, left: mostVisits }
  visit(value, document, walk, 0)
  return walk.left > 0
}

/** Goes wherever a validator would go that never found an answer early. */
function visit(value: Json, schema: Json | undefined, walk: Walk, depth: number): void {
  if (depth > mostDepth) walk.left = 0
  if (walk.left-- <= 0 || !isObject(schema)) return
  const next = (inner: Json, by: Json | undefined) => visit(inner, by, walk, depth + 1)
  if (typeof schema.$ref === 'string') next(value, walk.definitions[schema.$ref.slice(14)])
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf])
    if (isList(list)) for (const one of list) next(value, one)
  if (isList(value)) visitItems(value, schema, next)
  else if (isObject(value)) visitMembers(value, schema, next)
}

type Next = (inner: Json, by: Json | undefined) => void

function visitItems(value: readonly Json[], schema: JsonObject, next: Next): void {
  const { items, prefixItems, additionalItems, contains } = schema
  for (const [at, item] of value.entries()) {
    const positional = isList(items) ? items : isList(prefixItems) ? prefixItems : []
    next(item, positional[at] ?? (isList(items) ? additionalItems : items))
    if (contains !== undefined) next(item, contains)
  }
}

function visitMembers(value: JsonObject, schema: JsonObject, next: Next): void {
  const { properties, additionalProperties, propertyNames } = schema
  for (const [name, member] of Object.entries(value)) {
    const declared = isObject(properties) && Object.hasOwn(properties, name)
    next(member, declared ? properties[name] : additionalProperties)
    if (propertyNames !== undefined) next(name, propertyNames)
  }
}
