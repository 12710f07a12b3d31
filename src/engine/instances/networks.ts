import type { Engine } from '../client.ts'
import { labels } from '../labels.ts'

export type Networks = ReturnType<typeof createNetworks>

/** Networks without a way out, each there for as long as a container uses it. */
export function createNetworks(engine: Engine, server: string) {
  const uses = new Map<string, number>()
  /** One after another for each network: one that is being removed is not there for the next container. */
  const turns = new Map<string, Promise<void>>()

  function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(name) ?? Promise.resolve()).catch(() => {}).then(work)
    turns.set(name, turn)
    return turn
  }

  return {
    /** Creates a network unless it is there, for a container that is about to be created. */
    use(name: string): Promise<void> {
      uses.set(name, (uses.get(name) ?? 0) + 1)
      return inTurn(name, () => engine.ensureNetwork(name, { [labels.server]: server }))
    },
    /** A container that used it is gone; the network goes with the last. */
    leave(name: string): Promise<void> {
      const left = Math.max(0, (uses.get(name) ?? 0) - 1)
      uses.set(name, left)
      return inTurn(name, async () => {
        // The engine refuses to remove one that others still use.
        if (uses.get(name) === 0) await engine.removeNetwork(name).catch(() => {})
      })
    },
    /** Counts a container that was there already. */
    adopt: (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1),
  }
}
