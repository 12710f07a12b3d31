import type { Deps } from '../../deps.ts'
import type { StoredFile } from '../../domain/file.ts'
import { isList, isObject, type Json, type JsonObject } from '../../domain/json.ts'
import { refInAddress } from '../own-files.ts'

/** More files than this are not looked for in one input. */
const mostNamed = 500

/** Our own files that an input names, by an address of theirs or by reference. */
export async function filesNamedIn(
  input: JsonObject,
  { store }: Pick<Deps, 'store'>,
): Promise<ReadonlyMap<string, StoredFile>> {
  const refs = new Map<string, string>()
  collect(input, refs)
  const found = new Map<string, StoredFile>()
  for (const [text, ref] of refs) {
    const known = await store.findFile(ref)
    if (known) found.set(text, known.file)
  }
  return found
}

function collect(value: Json, refs: Map<string, string>): void {
  if (typeof value === 'string') {
    const ref = refs.size < mostNamed ? refInAddress(value) : null
    if (ref !== null) refs.set(value, ref)
  } else if (isList(value)) for (const item of value) collect(item, refs)
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, refs)
}
