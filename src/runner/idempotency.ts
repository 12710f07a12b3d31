import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/json/json.ts'
import { mapStrings } from '../domain/json/walk.ts'
import { splitSecrets } from '../domain/schema/secrets.ts'
import type { IdempotencyKey } from '../store/store.ts'
import type { StartRequest } from './acceptance.ts'

/** Within this time, a second press on Run with the same form and the same input is a double click. */
const doubleClickMs = 10_000

/** Longer texts are hashed by themselves: to write them as JSON takes longer. In UTF-16 units. */
const mostPlainUnits = 64 * 1024

/** Made of the form's key and of its input, without secrets; null when it did not come from a form. */
export function idempotencyKeyOf(
  { formKey, input, model }: Pick<StartRequest, 'formKey' | 'input' | 'model'>,
  now: number,
): IdempotencyKey | null {
  if (formKey === null) return null
  const { shown } = splitSecrets(model.version.schema, input)
  const short = mapStrings(shown, (text) => (text.length > mostPlainUnits ? sha256(text) : text))
  const hash = sha256(canonicalJson(short)).slice(0, 32)
  return { key: `${formKey}-${hash}`, since: now - doubleClickMs }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
