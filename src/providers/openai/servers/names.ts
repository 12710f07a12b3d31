import { type ModelRef, parseModelRef } from '../../../domain/model-ref.ts'
import type { DialectName } from './abilities.ts'

/** The name for a model of a server, by its id there: `qwen/qwen3-8b` of `Qwen/Qwen3-8B`, and `ollama/qwen3-8b` of `qwen3:8b`. */
export function nameOf(id: string, dialect: DialectName): ModelRef {
  const isPath = id.startsWith('/') || id.includes('\\')
  const parts = id.replaceAll('\\', '/').split('/').filter(Boolean)
  const last = parts.at(-1) ?? ''
  const owner = !isPath && parts.length > 1 ? plain(parts[0] ?? '') : ''
  const name = plain(last.replace(/\.gguf$/i, '').replace(/:latest$/i, '')) || 'model'
  const ref = parseModelRef(`${owner || ownerOf(dialect)}/${name}`)
  return ref ?? { owner: ownerOf(dialect), name }
}

function ownerOf(dialect: DialectName): string {
  return dialect === 'other' ? 'upstream' : dialect
}

/** A text as a name in lower case: letters, digits, and single dots, dashes and underscores between them. */
function plain(text: string): string {
  const words =
    text
      .toLowerCase()
      .slice(0, 200)
      .match(/[a-z0-9]+(?:[._][a-z0-9]+)*/g) ?? []
  return words
    .join('-')
    .slice(0, 60)
    .replace(/[-._]$/, '')
}
