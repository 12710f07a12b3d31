import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../domain/json.ts'
import type { ModelRecord } from '../../domain/model-record.ts'
import type { Guard } from '../../outbound/guard.ts'
import { type Channel, createChannel } from '../channel.ts'
import type { Callback, Provider } from '../provider.ts'
import type { Heard } from './ask.ts'
import { createFleet, type ServedAt } from './fleet.ts'
import { type CogLimits, defaultLimits } from './limits.ts'
import { createMemory } from './memory.ts'
import { originIn, probe } from './probe.ts'
import { type Report, readReport } from './reply.ts'
import { runInContainer } from './run.ts'
import { healthOf, stateOf, warmthAmong } from './state.ts'
import { createWire } from './wire.ts'

export interface CogOptions {
  /** The containers that the configuration names. */
  readonly models: readonly ServedAt[]
  /** And those that operators added. */
  readonly book: { all(): readonly ModelRecord[] }
  /** Where descriptions are remembered and files wait to be sent. */
  readonly folder: string
  /** Fetches what outputs lead to elsewhere. */
  readonly guard: Guard
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Instead of `defaultLimits`, for those named. */
  readonly limits?: Partial<CogLimits>
}

/** Models in Cog containers, each reached by its address: Cog 0.9 and later, and coglet. */
export function createCogProvider(options: CogOptions): Provider {
  const { models: configured, book, folder, guard, now } = options
  const limits = { ...defaultLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const wire = createWire(limits.lookMs, limits.maxDocumentBytes)
  const memory = createMemory(join(folder, 'descriptions-1'))
  const fleet = createFleet({ configured, book, memory, wire, limits, now })
  const underWay = new Map<string, Channel<Heard>>()
  const closing = new AbortController()

  return {
    name: 'cog',
    wantsFiles: true,
    resumes: true,
    models: async () => (await fleet.all()).map(({ model }) => model),
    find: async (ref) => (await fleet.find(ref))?.model ?? null,
    async probe(text) {
      const origin = originIn(text)
      return origin === null ? null : probe(origin, wire, now())
    },
    async state() {
      const all = await fleet.all()
      return stateOf(all.flatMap(({ ref }) => fleet.containersOf(ref)))
    },
    warmth: (ref) => warmthAmong(fleet.containersOf(ref)),
    health: (ref) => healthOf(fleet.containersOf(ref)),
    asset: async () => null,
    async *run(run) {
      const served = await fleet.find(run.version.model)
      if (!served) {
        yield { type: 'failed', error: noContainer }
        return
      }
      const channel = createChannel<Heard>()
      const signal = AbortSignal.any([run.signal, closing.signal])
      underWay.set(run.id, channel)
      try {
        const own = { served, wire, guard, limits, channel, now, folder: join(files, run.id) }
        yield* runInContainer({ ...own, run: { ...run, signal } })
      } finally {
        underWay.delete(run.id)
      }
    },
    async receive(id, { body }) {
      const channel = underWay.get(id)
      if (!channel) return 'unknown'
      const report = reportIn(body)
      if (!report) return 'malformed'
      channel.push({ type: 'reported', report, posted: true })
      return 'taken'
    },
    async close() {
      fleet.close()
      closing.abort('closed')
    },
  }
}

const noContainer = 'This model cannot run: its container is not among those that are known now.'

function reportIn(body: Callback['body']): Report | null {
  try {
    return readReport(parseJson(body))
  } catch {
    return null
  }
}
