import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Entry } from '../domain/fields/field-type.ts'
import { fieldTypeOf } from '../domain/fields/index.ts'
import { itemTypeOf } from '../domain/fields/rows.ts'
import { fileUri, type StoredFile } from '../domain/file.ts'
import type { Submission } from '../domain/form.ts'
import type { ModelSchema } from '../domain/schema.ts'
import { originOf } from './page.tsx'

interface WithOwnFiles {
  readonly inputs: Submission
  /** The files that the inputs now refer to. */
  readonly kept: readonly StoredFile[]
}

/** Puts a reference in place of the address of one of our own files, where an input takes files. */
export async function withOwnFiles(
  c: Context,
  deps: Deps,
  schema: ModelSchema,
  inputs: Submission,
): Promise<WithOwnFiles> {
  const kept: StoredFile[] = []
  async function own(entry: Entry): Promise<Entry> {
    const ref = typeof entry === 'string' ? refIn(entry.trim(), c, deps) : null
    const found = ref && (await deps.store.findFile(ref))
    if (!found) return entry
    kept.push(found.file)
    return fileUri(found.file)
  }
  const changed = new Map(inputs)
  for (const property of schema.input) {
    const entries = inputs.get(property.name)
    const takesFiles =
      fieldTypeOf(property).kind === 'file' || itemTypeOf(property)?.kind === 'file'
    if (entries && takesFiles) changed.set(property.name, await Promise.all(entries.map(own)))
  }
  return { inputs: changed, kept }
}

/** The reference in an address of ours, with or without scheme and host. */
function refIn(text: string, c: Context, deps: Deps): string | null {
  const origin = originOf(c, deps)
  const url = URL.parse(text, origin)
  if (!url || url.origin !== origin || !/^(?:https?:|\/)/.test(text)) return null
  const prefix = `${deps.paths.base}/files/`
  if (!url.pathname.startsWith(prefix)) return null
  return /^([a-z2-7]{26})\//.exec(url.pathname.slice(prefix.length))?.[1] ?? null
}
