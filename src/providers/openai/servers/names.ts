import { createHash } from 'node:crypto'
import { type ModelRef, modelName, parseModelRef } from '../../../domain/model-ref.ts'
import type { DialectName } from './abilities.ts'

/**
 * Names for the models of a server, by their ids there: `qwen/qwen3-8b` of `Qwen/Qwen3-8B`, and
 * `ollama/qwen3-8b` of `qwen3:8b`. Models that would have the same name get a number of their own.
 */
export function namesFor(
  ids: readonly string[],
  dialect: DialectName,
  isTaken: (ref: ModelRef) => boolean,
): ReadonlyMap<string, ModelRef> {
  const wished = ids.map((id) => [id, wishedName(id, dialect)] as const)
  const counts = new Map<string, number>()
  for (const [, ref] of wished) counts.set(modelName(ref), (counts.get(modelName(ref)) ?? 0) + 1)
  return new Map(
    wished.map(([id, ref]) => {
      const isShared = (counts.get(modelName(ref)) ?? 0) > 1 || isTaken(ref)
      return [id, isShared ? withHash(ref, id) : ref]
    }),
  )
}

function wishedName(id: string, dialect: DialectName): ModelRef {
  const isPath = id.startsWith('/') || id.includes('\\')
  const parts = id.replaceAll('\\', '/').split('/').filter(Boolean)
  const last = parts.at(-1) ?? ''
  const owner = !isPath && parts.length > 1 ? plain(parts[0] ?? '') : ''
  const name = plain(last.replace(/\.gguf$/i, '').replace(/:latest$/i, ''))
  const ref = parseModelRef(`${owner || ownerOf(dialect)}/${name || 'model'}`)
  return ref ?? { owner: ownerOf(dialect), name: name || 'model' }
}

function ownerOf(dialect: DialectName): string {
  return dialect === 'other' ? 'upstream' : dialect
}

function withHash({ owner, name }: ModelRef, id: string): ModelRef {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 6)
  return { owner, name: `${name.slice(0, 50).replace(/[-._]$/, '')}-${hash}` }
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
