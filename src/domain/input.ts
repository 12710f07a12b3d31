import type { Json, JsonObject } from './json.ts'
import type { ModelSchema } from './schema.ts'
import { misfit } from './validate.ts'

/** What is wrong with one input. */
export interface InputProblem {
  readonly name: string
  readonly sentence: string
}

export type InputReading =
  | { readonly ok: true; readonly input: JsonObject }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** Reads an input that a program gives as JSON. What the model does not ask for is left out. */
export function readInput(schema: ModelSchema, given: JsonObject): InputReading {
  const asked = schema.input.filter(({ name }) => Object.hasOwn(given, name))
  const missing = schema.input
    .filter(({ name, required }) => required && !Object.hasOwn(given, name))
    .map(({ name }) => ({ name, sentence: `${name} is required.` }))
  const wrong = asked.flatMap((property) => {
    const sentence = misfit(given[property.name] as Json, property.schema, schema)
    return sentence === null
      ? []
      : [{ name: property.name, sentence: `${property.name}: ${sentence}` }]
  })
  const problems = [...missing, ...wrong]
  if (problems.length > 0) return { ok: false, problems }
  const entries = asked.map(({ name }) => [name, given[name] as Json])
  return { ok: true, input: Object.fromEntries(entries) as JsonObject }
}
