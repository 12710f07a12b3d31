import type { Files } from '../files/files.ts'
import type { Store } from '../store/store.ts'

/** How long files without references are kept. */
const keepMs = 24 * 60 * 60_000

const batch = 200

/**
 * Removes the files that have had no references for a day: first their rows, then their bytes. A crash
 * between the two leaves bytes without a row, which the next collection finds.
 */
export async function collectFiles(store: Store, files: Files, now: number): Promise<number> {
  const before = now - keepMs
  let removed = 0
  for (let gone = await store.forget(before, batch); gone.length > 0; ) {
    for (const sha256 of gone) await files.remove(sha256, before)
    removed += gone.length
    gone = await store.forget(before, batch)
  }
  return removed + (await collectOrphans(store, files, before))
}

/** Removes the entries of the audit log from before a moment. Resolves with their number. */
export async function collectEntries(store: Store, before: number): Promise<number> {
  let removed = 0
  for (let gone = batch; gone === batch; removed += gone)
    gone = await store.forgetEntries(before, batch)
  return removed
}

async function collectOrphans(store: Store, files: Files, before: number): Promise<number> {
  let removed = 0
  let checked: string[] = []
  const removeOrphans = async () => {
    const known = await store.knownContents(checked)
    const unknown = checked.filter((sha256) => !known.has(sha256))
    for (const sha256 of unknown) await files.remove(sha256, before)
    removed += unknown.length
    checked = []
  }
  for await (const sha256 of files.list(before)) {
    checked.push(sha256)
    if (checked.length === batch) await removeOrphans()
  }
  await removeOrphans()
  return removed
}
