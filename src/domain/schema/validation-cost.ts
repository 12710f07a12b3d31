import { isList, isObject, type Json, type JsonObject } from '../json/json.ts'

/** The most visits of values by schemas, above which a value is not validated. */
const mostVisits = 100_000

/** The deepest recursion of the validator. */
const mostDepth = 2_000

interface Walk {
  readonly definitions: JsonObject
  left: number
}

/**
 * Whether a value can be validated in bounded time. Nested alternatives multiply: a few lines of
 * schema can take years.
 */
export function isAffordable(value: Json, document: JsonObject): boolean {
  const definitions = isObject(document.definitions) ? document.definitions : {}
  const walk = { definitions, left: mostVisits }
  visit(value, document, walk, 0)
  return walk.left > 0
}

/** Visits everything that a validator visits in the worst case. */
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
