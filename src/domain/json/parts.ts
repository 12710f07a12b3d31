import { isList, isObject, type Json, type JsonObject } from './json.ts'

/** The object that this is; an empty one when it is none. */
export function objectIn(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {}
}

/** The list that this is; an empty one when it is none. */
export function listIn(json: Json | undefined): readonly Json[] {
  return isList(json) ? json : []
}

/** The text that this is; an empty one when it is none. */
export function textIn(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}
