import type { Engine } from '../client.ts'

export type Networks = ReturnType<typeof createNetworks>

/** Networks without a way out, each there for as long as a container uses it. */
export function createNetworks(engine: Engine, labels: Readonly<Record<string, string>>) {
  const uses = new Map<string, number>()
  /** One after another for each network: one that is being removed is not there for the next container. */
  const turns = new Map<string, Promise<void>>()

  async function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(name) ?? Promise.resolve()).catch(() => {}).then(work)
    turns.set(name, turn)
    try {
      await turn
    } finally {
      if (turns.get(name) === turn) turns.delete(name)
    }
  }

  /** Counts one use more or less. */
  function count(name: string, by: 1 | -1): void {
    const next = (uses.get(name) ?? 0) + by
    if (next > 0) uses.set(name, next)
    else uses.delete(name)
  }

  return {
    /** Creates a network unless it is there, for a container that is about to be created. */
    use(name: string): Promise<void> {
      count(name, 1)
      return inTurn(name, () => engine.ensureNetwork(name, labels))
    },
    /** A container that used it is gone; the network goes with the last. */
    leave(name: string): Promise<void> {
      count(name, -1)
      return inTurn(name, async () => {
        // The engine refuses to remove one that others still use.
        if (!uses.has(name)) await engine.removeNetwork(name).catch(() => {})
      })
    },
    /** Counts a container that was there already. */
    adopt: (name: string): void => count(name, 1),
  }
}
