/** Any JSON value. A `bigint` stands for an integer that a double cannot hold: no digit is lost. */
export type Json = string | number | boolean | bigint | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (isList(a)) return isList(b) && a.length === b.length && a.every((one, at) => same(one, b[at]))
  if (isObject(a)) return isObject(b) && sameMembers(a, b)
  // The same integer may be a `bigint` on one side and a number on the other.
  return isNumber(a) && isNumber(b) && String(a) === String(b)
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && sameJson(a, b)
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a)
  if (Object.keys(b).length !== names.length) return false
  return names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
}

function isNumber(json: Json): json is number | bigint {
  return typeof json === 'number' || typeof json === 'bigint'
}
