import { setImmediate } from 'node:timers/promises'
import type { StorageUse, Used } from '../domain/file/storage-use.ts'
import { modelName } from '../domain/model-ref.ts'
import { within } from '../sleep.ts'
import type { Store } from '../store/store.ts'

const batch = 250

/** What is counted stays for this long, in milliseconds. */
const keptMs = 10 * 60_000

/** How long the count is waited for, in milliseconds. */
const waitMs = 2_000

/** The most that a list names, the largest first. */
const mostListed = 50

export type Storage = ReturnType<typeof createStorage>

/** Counts what files take, in batches between which requests are answered. */
export function createStorage(store: Pick<Store, 'fileSizes'>, now: () => number) {
  let last: StorageUse | null = null
  let counting: Promise<StorageUse> | null = null

  async function count(): Promise<StorageUse> {
    const contents = new Map<string, number>()
    const models = new Map<string, Used>()
    const people = new Map<string, Used>()
    let after: string | null = null
    do {
      const { files, next } = await store.fileSizes(batch, after)
      for (const { sha256, size, model, account } of files) {
        contents.set(sha256, size)
        add(models, model ? modelName(model) : '', size)
        add(people, account ?? '', size)
      }
      after = next
      await setImmediate()
    } while (after !== null)
    const bytes = [...contents.values()].reduce((sum, size) => sum + size, 0)
    return { bytes, models: largest(models), people: largest(people), countedAt: now() }
  }

  async function countAndKeep(): Promise<StorageUse> {
    try {
      last = await count()
      return last
    } finally {
      counting = null
    }
  }

  return {
    /** What files take, as it was counted within the last ten minutes; null while it is being counted. */
    async use(): Promise<StorageUse | null> {
      if (last && now() - last.countedAt < keptMs) return last
      counting ??= countAndKeep()
      return (await within(waitMs, counting)) ?? null
    },
  }
}

function add(to: Map<string, Used>, name: string, size: number): void {
  const { files, bytes } = to.get(name) ?? { files: 0, bytes: 0 }
  to.set(name, { name, files: files + 1, bytes: bytes + size })
}

function largest(used: ReadonlyMap<string, Used>): Used[] {
  return [...used.values()].sort((a, b) => b.bytes - a.bytes).slice(0, mostListed)
}
