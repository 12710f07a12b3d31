import { isList, isObject, type Json, type JsonObject } from './json.ts'

/** The value if it is an object; else an empty object. */
export function objectIn(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {}
}

/** The value if it is a list; else an empty list. */
export function listIn(json: Json | undefined): readonly Json[] {
  return isList(json) ? json : []
}

/** The value if it is a string; else an empty string. */
export function textIn(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}
