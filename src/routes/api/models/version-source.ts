import type { JsonObject } from '../../../domain/json/json.ts'
import type { ModelSource } from '../../../domain/model/record.ts'
import type { ModelRef } from '../../../domain/model-ref.ts'
import type { ApiDeps } from '../api-deps.ts'
import { invalid, type Problem } from '../problem.ts'

export type VersionSource =
  | {
      readonly ok: true
      readonly source: ModelSource
      /** The schemas that the model has there. */
      readonly schemas: JsonObject
    }
  | { readonly ok: false; readonly problem: Problem }

/** Looks for what the one member of a request names, through the provider that has this member. */
export async function findSource(
  { providers }: ApiDeps,
  ref: ModelRef,
  body: Readonly<Record<string, unknown>>,
): Promise<VersionSource> {
  for (const { sources } of providers)
    for (const [name, field] of Object.entries(sources?.fields ?? {})) {
      if (body[name] === undefined) continue
      const found = await field.find(body[name], ref)
      if (found.ok) return found
      const problem = invalid([{ type: 'invalid', field: name, description: found.sentence }])
      return { ok: false, problem }
    }
  throw new Error('No provider has a member of this request')
}
