import type { JsonObject } from '../../../domain/json/json.ts'

/** The inputs of a model by name, in the order of its form. */
export interface Inputs {
  readonly inputs: Readonly<Record<string, JsonObject>>
  readonly required: readonly string[]
}

export function text(description: string, more: JsonObject = {}): JsonObject {
  return { type: 'string', description, ...more }
}

export function number(
  description: string,
  minimum: number,
  maximum: number,
  more: JsonObject = {},
): JsonObject {
  return { type: 'number', description, minimum, maximum, ...more }
}

export function whole(description: string, minimum: number, more: JsonObject = {}): JsonObject {
  return { type: 'integer', description, minimum, ...more }
}

export function texts(description: string, more: JsonObject = {}): JsonObject {
  return { type: 'array', description, items: { type: 'string' }, ...more }
}

export function file(description: string, accept: string): JsonObject {
  return { type: 'string', format: 'uri', description, 'x-cog-accept': accept }
}

export function files(description: string, accept: string, maxItems: number): JsonObject {
  const items = { type: 'string', format: 'uri', 'x-cog-accept': accept }
  return { type: 'array', description, items, maxItems }
}

export function choice(description: string, options: readonly string[]): JsonObject {
  return { type: 'string', description, enum: options }
}
