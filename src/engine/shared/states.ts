import type { SharedInstances } from '../../store/instances.ts'
import type { Sharing } from './sharing.ts'

export type SharedStates = ReturnType<typeof createSharedStates>

/** The containers of each model, as the server that runs them said last. */
export function createSharedStates({ table, changes, log }: Sharing) {
  const known = new Map<string, SharedInstances>()
  const listeners = new Set<(model: string) => void>()

  async function read(model?: string): Promise<void> {
    try {
      for (const one of await table.states(model)) set(one)
    } catch (error) {
      log.error({ error }, 'The states of containers could not be read')
    }
  }

  function set(one: SharedInstances): void {
    known.set(one.model, one)
    for (const listener of listeners) listener(one.model)
  }

  changes.listen((change) => {
    if (change.type === 'instances') void read(change.model)
  })
  changes.onGap(() => void read())
  void read()

  return {
    /** Reads all again. */
    read: (): Promise<void> => read(),
    of: (model: string): SharedInstances => known.get(model) ?? { model, states: [], failures: {} },
    /** Of the server that runs them. */
    async save(one: SharedInstances): Promise<void> {
      set(one)
      await table.save(one)
      changes.tell({ type: 'instances', model: one.model })
    },
    models: (): Iterable<string> => known.keys(),
    listen: (listener: (model: string) => void): void => void listeners.add(listener),
  }
}
