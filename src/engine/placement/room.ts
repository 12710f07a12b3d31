import type { EngineRoom, Running, Wish } from './situation.ts'

type Needs = Pick<Wish, 'gpus' | 'gpuBytes'>
type Holder = Pick<Running, 'id' | 'key' | 'gpus' | 'gpuBytes' | 'state'>

export type Room = ReturnType<typeof createRoom>

/** The GPUs of an engine, what has them, and what boots there. */
export function createRoom(
  { name, gpus, isOpen, mostBooting }: EngineRoom,
  running: readonly Running[],
) {
  const holders: Holder[] = running.filter(({ engine }) => engine === name)
  const isThere = ({ id }: Holder, gone: ReadonlySet<string>) => !gone.has(id)

  function holdersOf(gpu: string, gone: ReadonlySet<string>): readonly Holder[] {
    return holders.filter((one) => one.gpus.includes(gpu) && isThere(one, gone))
  }

  /** The memory of a GPU that is left, in bytes; 0 where somebody has it alone, or its memory is not known. */
  function bytesLeft({ id, bytes }: EngineRoom['gpus'][number], gone: ReadonlySet<string>): number {
    const all = holdersOf(id, gone)
    const isShared = bytes !== null && all.every(({ gpuBytes }) => gpuBytes !== null)
    return isShared ? bytes - all.reduce((sum, one) => sum + (one.gpuBytes ?? 0), 0) : 0
  }

  /**
   * The GPUs for one more container, once those in `gone` are; null when there are not enough. Of those that are
   * shared, the fullest that has room.
   */
  function fit(
    { gpus: count, gpuBytes }: Needs,
    gone: ReadonlySet<string>,
  ): readonly string[] | null {
    if (gpuBytes !== null) {
      const left = gpus.map((gpu) => ({ id: gpu.id, left: bytesLeft(gpu, gone) }))
      const fitting = left.filter((one) => one.left >= gpuBytes).sort((a, b) => a.left - b.left)
      return fitting[0] ? [fitting[0].id] : null
    }
    const free = gpus.filter(({ id }) => holdersOf(id, gone).length === 0)
    return free.length < count ? null : free.slice(0, count).map(({ id }) => id)
  }

  return {
    name,
    fit,
    /** How many run there. */
    size: () => holders.length,
    /** Whether one more may boot there now. */
    isOpen: () => isOpen && holders.filter(({ state }) => state === 'booting').length < mostBooting,
    /** Whether it has the GPUs at all. */
    canHold: ({ gpus: count, gpuBytes }: Needs): boolean =>
      gpuBytes === null
        ? gpus.length >= count
        : gpus.some(({ bytes }) => bytes !== null && bytes >= gpuBytes),
    /** Those that go already. */
    leaving: (): ReadonlySet<string> =>
      new Set(holders.filter(({ state }) => state === 'leaving').map(({ id }) => id)),
    /** Counts a container that is about to start. */
    add: (key: string, ids: readonly string[], { gpuBytes }: Needs): void =>
      void holders.push({ id: '', key, gpus: ids, gpuBytes, state: 'booting' }),
    /** The keys of the wishes whose containers have GPUs. */
    holders: () => [...new Set(holders.filter((one) => one.gpus.length > 0).map(({ key }) => key))],
  }
}
