import type { Files } from '../files/files.ts'
import type { Store } from '../store/store.ts'

/** What nothing has referred to for this long may go. */
const keepMs = 24 * 60 * 60_000

const batch = 200

/**
 * Removes file contents that nothing refers to: first their rows, then their bytes, so that a
 * crash between the two leaves bytes without a row, which the next collection finds.
 */
export async function collectFiles(store: Store, files: Files, now: number): Promise<number> {
  const before = now - keepMs
  let removed = 0
  for (let gone = await store.forget(before, batch); gone.length > 0; ) {
    for (const sha256 of gone) await files.remove(sha256, before)
    removed += gone.length
    gone = await store.forget(before, batch)
  }
  return removed + (await collectRowless(store, files, before))
}

async function collectRowless(store: Store, files: Files, before: number): Promise<number> {
  let removed = 0
  let looked: string[] = []
  const removeUnknown = async () => {
    const known = await store.knownContents(looked)
    const unknown = looked.filter((sha256) => !known.has(sha256))
    for (const sha256 of unknown) await files.remove(sha256, before)
    removed += unknown.length
    looked = []
  }
  for await (const sha256 of files.list(before)) {
    looked.push(sha256)
    if (looked.length === batch) await removeUnknown()
  }
  await removeUnknown()
  return removed
}
