import type { Json, JsonObject } from '../json/json.ts'

/** One input of a model, with every `$ref` and `allOf` on the way to it resolved. */
export interface Property {
  readonly name: string
  readonly required: boolean
  readonly schema: ValueSchema
}

/** The part of a JSON schema that decides how a value is asked for, validated and shown. */
export interface ValueSchema {
  /** Absent when the schema allows more than one type, or names none. */
  readonly type?: ValueType
  readonly format?: string
  readonly title?: string
  readonly description?: string
  readonly default?: Json
  readonly enum?: readonly Json[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: ValueSchema
  readonly properties?: readonly Property[]
  readonly nullable: boolean
  readonly deprecated: boolean
  /** `format: password`, `x-cog-secret` or `writeOnly`: never shown again once given. */
  readonly secret: boolean
  /** `x-cog-accept`: which files are asked for, as in HTML's `accept`. */
  readonly accept?: string
  /** `x-cog-array-type: iterator`: a list that arrives item by item. */
  readonly iterator: boolean
  /** `x-cog-array-display: concatenate`: the items joined are one text. */
  readonly concatenate: boolean
  /** The schema as written, for validation; its `$ref`s point into the document's schemas. */
  readonly raw: JsonObject
}

export const valueTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const
export type ValueType = (typeof valueTypes)[number]

/** Whether a value is a file, given as an address. */
export function isFileSchema({ type, format, enum: options }: ValueSchema): boolean {
  return type === 'string' && format === 'uri' && !options
}
