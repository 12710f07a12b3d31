import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { objectIn } from '../json/parts.ts'
import { problemOf, sizeProblem } from './limits.ts'
import { readValue } from './read-value.ts'
import { mostSteps, resolve } from './reading.ts'
import { createSecretIndex, type SecretIndex } from './secrets.ts'
import { createValidators, type Validators } from './validator.ts'
import type { Property, ValueSchema } from './value-schema.ts'

export interface ModelSchema {
  /** The inputs in the order of the form: by `x-order`, then as written. */
  readonly input: readonly Property[]
  readonly output: ValueSchema
  /** `components.schemas` of the model's OpenAPI document: `Input`, `Output` and what they refer to. */
  readonly schemas: JsonObject
  /** A sentence saying why no form can ask for all of it; null when one can. */
  readonly problem: string | null
  /** Where its inputs hold secrets. */
  readonly secrets: SecretIndex
  /** Validate its values against the schemas as written. */
  readonly validators: Validators
}

/** `components.schemas` of an OpenAPI document; null when it has none with an `Input`. */
export function schemasOf(document: Json): JsonObject | null {
  const { schemas } = objectIn(objectIn(document).components)
  return isObject(schemas) && isObject(schemas.Input) ? schemas : null
}

/** Reads `components.schemas` of a model. Never throws: what it cannot read becomes "anything". */
export function readSchema(schemas: JsonObject): ModelSchema {
  const reading = { schemas, left: mostSteps }
  const known = {
    schemas,
    secrets: createSecretIndex(schemas),
    validators: createValidators(schemas),
  }
  const tooLarge = sizeProblem(schemas)
  if (tooLarge !== null)
    return { ...known, input: [], output: readValue({}, reading), problem: tooLarge }
  const own = isObject(schemas.Input) ? schemas.Input : {}
  const input = readValue(own, reading)
  const output = isObject(schemas.Output) ? schemas.Output : {}
  return {
    ...known,
    input: input.properties ?? [],
    output: readValue(output, reading),
    problem: problemOf(resolve(own, { schemas, left: mostSteps })),
  }
}

/** The schema of a version that is not kept: nothing is asked for, and any output is allowed. */
export const unknownSchema: ModelSchema = readSchema({})
