import { redacted } from './fields/secret.ts'
import type { JsonObject } from './json.ts'
import type { ModelSchema } from './schema.ts'

/** An input in two parts: what may be kept and shown, and the secrets that may not. */
export interface SplitInput {
  /** Every secret reads `[REDACTED]`. */
  readonly shown: JsonObject
  /** By name; empty when there are none. */
  readonly secrets: JsonObject
}

export function splitSecrets(schema: ModelSchema, input: JsonObject): SplitInput {
  const names = secretNames(schema).filter((name) => Object.hasOwn(input, name))
  const pick = (value: (name: string) => JsonObject[string]) =>
    Object.fromEntries(names.map((name) => [name, value(name)]))
  return {
    shown: { ...input, ...pick(() => redacted) },
    secrets: pick((name) => input[name] ?? null),
  }
}

/** Whether an earlier input held a secret, which is not to be had again. */
export function lacksSecrets(schema: ModelSchema, input: JsonObject): boolean {
  return secretNames(schema).some((name) => input[name] === redacted)
}

function secretNames({ input }: ModelSchema): string[] {
  return input.filter(({ schema }) => schema.secret).map(({ name }) => name)
}
