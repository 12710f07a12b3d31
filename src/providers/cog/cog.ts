import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelRecord } from '../../domain/model/record.ts'
import type { Guard } from '../../outbound/guard.ts'
import { type Channel, createChannel } from '../channel.ts'
import type { Provider, Run } from '../provider.ts'
import { type Answers, createAnswers, leadsToFiles } from '../response-reader.ts'
import { createWire } from './container-client.ts'
import { createMemory } from './containers/description-cache.ts'
import { createFleet, type Served, type ServedAt } from './containers/fleet.ts'
import { originIn, probe } from './containers/probe.ts'
import { healthOf, stateOf, warmthAmong } from './containers/state.ts'
import { type CogLimits, defaultLimits } from './limits.ts'
import { readReport } from './run/container-prediction.ts'
import { runInContainer } from './run/run.ts'
import type { Heard } from './run/send.ts'

export interface CogOptions {
  /** The containers that the configuration names. */
  readonly models: readonly ServedAt[]
  /** And those that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
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
  const { models: configured, records, folder, guard, now } = options
  const limits = { ...defaultLimits, ...options.limits }
  const files = join(folder, 'runs')
  rmSync(files, { recursive: true, force: true })
  const wire = createWire(limits.lookMs, limits.maxDocumentBytes)
  const memory = createMemory(join(folder, 'descriptions-1'))
  const fleet = createFleet({ configured, records, memory, wire, limits, now })
  const underWay = new Map<string, { channel: Channel<Heard>; answers: Answers }>()
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
      const folder = join(files, run.id)
      const answers = answersOf(run, served, folder)
      underWay.set(run.id, { channel, answers })
      try {
        const own = { served, wire, guard, limits, answers, channel, now, folder }
        yield* runInContainer({ ...own, run: { ...run, signal } })
      } finally {
        underWay.delete(run.id)
        await answers.end()
      }
    },
    async receive(id, { body }) {
      const found = underWay.get(id)
      if (!found) return 'unknown'
      const { json, large } = await found.answers.read(body)
      const report = readReport(json)
      if (!report) return 'malformed'
      found.channel.push({ type: 'reported', report, large, posted: true })
      return 'taken'
    },
    async close() {
      fleet.close()
      closing.abort('closed')
    },
  }
}

const noContainer = 'This model cannot run: its container is no longer configured.'

function answersOf(run: Run, { containers }: Served, folder: string): Answers {
  const isAll = leadsToFiles(run.version.schema.output)
  const addresses = isAll ? 'all' : containers.map(({ origin }) => `${origin}/`)
  return createAnswers({ run, folder, addresses })
}
