import type { Deps } from '../deps.ts'
import type { Entry } from '../domain/fields/field-type.ts'
import { fieldTypeOf } from '../domain/fields/index.ts'
import { itemTypeOf } from '../domain/fields/rows.ts'
import { fileRef, fileUri, type StoredFile } from '../domain/file.ts'
import type { Submission } from '../domain/form.ts'
import type { ModelSchema } from '../domain/schema.ts'

interface WithOwnFiles {
  readonly inputs: Submission
  /** The files that the inputs now refer to. */
  readonly kept: readonly StoredFile[]
}

const longestAddress = 4_096

/** Puts a reference in place of the address of one of our own files, where an input takes files. */
export async function withOwnFiles(
  deps: Deps,
  schema: ModelSchema,
  inputs: Submission,
): Promise<WithOwnFiles> {
  const kept: StoredFile[] = []
  async function own(entry: Entry): Promise<Entry> {
    const ref = typeof entry === 'string' ? refInAddress(entry.trim()) : null
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

/**
 * The reference in a text that stands for one of our files: an address that a page or the API gave
 * for it, whatever name we were reached by, or `sandpit:REF`. That it is ours shows when it is found.
 */
export function refInAddress(text: string): string | null {
  if (text.length > longestAddress) return null
  if (!/^(?:https?:|\/)/.test(text)) return fileRef(text)
  const path = URL.parse(text, 'http://localhost')?.pathname ?? ''
  return /\/files\/([a-z2-7]{26})(?:$|\/)/.exec(path)?.[1] ?? null
}
