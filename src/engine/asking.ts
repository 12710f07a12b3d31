import type { InstanceState } from '../domain/instance/state.ts'
import { sleep } from '../sleep.ts'
import type { Engine } from './client.ts'
import { containerSpec } from './container-spec.ts'
import { EngineError } from './engine-error.ts'
import { createHost, type Host, type Reach } from './instances/host.ts'
import { createImages } from './instances/images.ts'
import { createInstance, type InstanceEnd } from './instances/instance.ts'
import { defaultInstanceLimits, type InstanceLimits } from './instances/limits.ts'
import type { Readiness } from './instances/states.ts'
import type { Workload, WorkloadImage } from './instances/workload.ts'
import { labels } from './labels.ts'
import { removeLeftOver } from './left-over.ts'
import type { Sharing } from './shared/sharing.ts'

export interface AskingOptions {
  readonly engine: Engine
  /** Marks the containers that are of this server. */
  readonly server: string
  /** Where other servers share the database: who this one is, and who of them lives. */
  readonly share: Pick<Sharing, 'replica' | 'live'> | null
  readonly reach: Reach
  readonly authFor: (image: string) => string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  readonly log: { error(details: object, message: string): void }
  readonly limits?: Partial<InstanceLimits>
}

/** Asks an image what it is, by its container. */
export interface Question {
  readonly image: WorkloadImage
  /** The header `X-Registry-Auth` of its pull; null for that of what is kept. */
  readonly auth: string | null
  /** How long the container may take to answer, in milliseconds, once its image is there. */
  readonly bootLimitMs: number
  /** Asks the server in the container. It is ready once it has answered. */
  readonly look: (origin: string) => Promise<Readiness>
  /** Called with how far it is, whenever that changes. */
  readonly told: (state: InstanceState) => void
  readonly signal: AbortSignal
}

/** `answered`: the look was ready. Otherwise why it was not, as a sentence, and the last of what it wrote. */
export type Answer =
  | { readonly kind: 'answered' }
  | { readonly kind: 'silent'; readonly sentence: string; readonly logs: string }

/** How long a pull for a question may take, in milliseconds. */
const pullMs = 60 * 60_000

/** Starts containers of images once, to ask them what they are, and removes them whatever comes of it. */
export function createAsking(options: AskingOptions) {
  const { engine, reach, authFor, now, newId, log } = options
  // A server that is alone has another id each time: what it finds with another one is of a process before.
  const { replica, live } = options.share ?? { replica: newId(), live: async () => nobody }
  const limits = { ...defaultInstanceLimits, ...options.limits }
  // Under a name of their own: the containers that run for models are compared with what is wanted.
  const server = `${options.server}-asks`
  const host: Host = createHost({ engine, server, replica, reach })
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  /** The keys of what is used now. */
  const used = new Set<string>()

  /** Removes what servers that were killed have left, now and from time to time. */
  async function clean(): Promise<void> {
    const left = { host, replica, live, log }
    const uses = { isUsed: (key: string) => used.has(key), usesAny: () => used.size > 0 }
    while (!closing.signal.aborted) {
      let againMs = limits.compareEveryMs
      try {
        await removeLeftOver({ ...left, ...uses })
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        againMs = limits.awayAgainMs
      }
      await sleep(againMs, closing.signal)
    }
  }

  void clean()

  function workloadOf(key: string, { image, bootLimitMs }: Question): Workload {
    return {
      key,
      replacedBy: null,
      model: key,
      deployment: null,
      version: key,
      engines: [engine.name],
      image,
      container: usualContainer,
      gpus: 0,
      gpuBytes: null,
      min: 0,
      max: 1,
      slots: 1,
      idleMs: 0,
      bootLimitMs,
      usualRun: () => null,
    }
  }

  async function start(question: Question, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) return silent({ kind: 'stopped' }, '')
    const answer = Promise.withResolvers<Answer>()
    const key = `asked@${newId()}`
    const images = createImages({
      ...{ engine, limits },
      authFor: (name) => question.auth ?? authFor(name),
    })
    const instance = createInstance({
      ...{ host, images, limits, now, look: question.look, gpus: [], gpuBytes: null },
      isOutdated: false,
      name: `sandpit-${newId()}`,
      workload: workloadOf(key, question),
      changed() {
        const state = instance.state()
        question.told(state)
        if (state.phase !== 'ready') return
        answer.resolve({ kind: 'answered' })
        instance.leave()
      },
      ending: (how) => answer.resolve(silent(how, instance.logs())),
    })
    const stop = () => instance.stop()
    signal.addEventListener('abort', stop, { once: true })
    running.add(instance.over)
    used.add(key)
    void instance.over.then(() => {
      signal.removeEventListener('abort', stop)
      running.delete(instance.over)
      used.delete(key)
    })
    instance.start()
    return answer.promise
  }

  return {
    /** Pulls an image when it is not there, starts a container of it, and asks that. Never rejects. */
    async ask(question: Question): Promise<Answer> {
      const signal = AbortSignal.any([question.signal, closing.signal, AbortSignal.timeout(pullMs)])
      return start(question, signal)
    },
    /**
     * A file of an image that the engine has, out of a container that is never started: as a tar archive. Null when
     * there is none. Rejects with `EngineError`.
     */
    async fileOf(image: string, path: string): Promise<Uint8Array | null> {
      const { product } = await engine.facts()
      const settings = { ...usualContainer, image, gpus: [] }
      const key = `asked@${newId()}`
      const own = {
        [labels.server]: server,
        [labels.replica]: replica,
        [labels.workload]: key,
      }
      const none = { network: 'none' }
      const spec = containerSpec({ settings, product, reach: none, labels: own })
      used.add(key)
      try {
        const container = await engine.create(`sandpit-${newId()}`, spec)
        try {
          return await engine.file(container, path)
        } finally {
          await engine.remove(container).catch(() => {})
        }
      } finally {
        used.delete(key)
      }
    },
    /** Ends what is asked, and removes its containers. */
    async close(): Promise<void> {
      closing.abort()
      await Promise.all(running)
    },
  }
}

const nobody: ReadonlySet<string> = new Set()

/** Nothing of it is known yet, so it gets as little as any model. */
const usualContainer = {
  memory: null,
  cpus: null,
  isOpen: false,
  isReadOnly: true,
  hasInit: false,
  environment: {},
} as const

function silent(how: InstanceEnd, logs: string): Answer {
  switch (how.kind) {
    case 'broken':
      return { kind: 'silent', sentence: how.sentence, logs }
    case 'away':
      return {
        kind: 'silent',
        sentence: `The container engine cannot be asked: ${how.sentence}.`,
        logs,
      }
    case 'stopped':
      return { kind: 'silent', sentence: 'It was stopped before it answered.', logs }
  }
}
