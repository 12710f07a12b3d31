import { formatJson, isObject, parseJson } from '../json/json.ts'
import { redacted } from './redacted.ts'
import type { ModelSchema } from './schema.ts'
import { hasSecrets, type SecretNames, secretNames, splitSecrets } from './secrets.ts'

/**
 * Typed JSON without its secrets. In text that is not valid JSON, the values after names of secrets
 * are replaced. `name`: of the input; null when the text is the whole input.
 */
export function withoutSecrets(schema: ModelSchema, name: string | null, typed: string): string {
  if (!hasSecrets(schema.secrets)) return typed
  try {
    const json = parseJson(typed)
    const input = name === null ? json : { [name]: json }
    if (!isObject(input)) return typed
    const { shown, secrets } = splitSecrets(schema, input)
    const hidden = name === null ? shown : (shown[name] ?? null)
    return Object.keys(secrets).length > 0 ? formatJson(hidden, 2) : typed
  } catch {
    return blanked(typed, secretNames(schema.secrets, name))
  }
}

/** The largest product of names and characters that is searched. */
const mostLooks = 2 ** 24

function blanked(typed: string, { unnamed, names }: SecretNames): string {
  if (unnamed || names.size * typed.length > mostLooks) return ''
  const all = [...names]
  let shown = ''
  let done = 0
  for (const { index } of typed.matchAll(/[:=]/g)) {
    if (index < done) continue
    const before = typed.slice(0, index).trimEnd()
    const named = /["']/.test(before.slice(-1)) ? before.slice(0, -1) : before
    if (!all.some((name) => before.endsWith(name) || named.endsWith(name))) continue
    const start = skipped(typed, index + 1, blank)
    shown += `${typed.slice(done, start)}"${redacted}"`
    done = skipped(typed, start, literal)
  }
  return shown + typed.slice(done)
}

const blank = /\s*/y
const literal = /"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?|[[{].*|[^,\n}\]]*/sy

/** The end of the match of a sticky expression at an index. */
function skipped(text: string, at: number, expression: RegExp): number {
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : at
}
