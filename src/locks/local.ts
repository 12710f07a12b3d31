import type { Locks } from './locks.ts'

/** Locks of this process, for a server that is alone on its database. */
export function createLocalLocks(): Locks {
  const alone = new Map<string, Promise<unknown>>()
  const together = new Map<string, number>()

  return {
    async alone(name, work) {
      if (alone.has(name) || together.has(name)) return false
      const running = work().finally(() => alone.delete(name))
      alone.set(name, running)
      await running
      return true
    },

    async together(name, work) {
      for (let held = alone.get(name); held; held = alone.get(name)) await held.catch(() => {})
      together.set(name, (together.get(name) ?? 0) + 1)
      try {
        return await work()
      } finally {
        const left = (together.get(name) ?? 0) - 1
        if (left > 0) together.set(name, left)
        else together.delete(name)
      }
    },

    async close() {},
  }
}
