import { formatJson } from '../../domain/json/format.ts'
import type { Json } from '../../domain/json/json.ts'
import { parseJson } from '../../domain/json/parse.ts'

declare const written: unique symbol

/** The JSON of a `T`, as a column holds it. */
export type JsonText<T> = string & { readonly [written]: T }

export function writeJson<T>(value: T): JsonText<T> {
  // Interfaces of JSON values have no index signature, which `Json` asks for.
  return formatJson(value as unknown as Json) as string as JsonText<T>
}

/** Reads back the value that was written: columns of this type are written by `writeJson` alone. */
export function readJson<T>(text: JsonText<T>): T {
  const value: unknown = parseJson(text)
  return value as T
}
