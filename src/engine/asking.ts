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

export interface AskingOptions {
  readonly engine: Engine
  /** Marks the containers that are of this server. */
  readonly server: string
  readonly reach: Reach
  readonly authFor: (image: string) => string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
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
  const { engine, reach, authFor, now, newId } = options
  const limits = { ...defaultInstanceLimits, ...options.limits }
  // Under a name of their own: the containers that run for models are compared with what is wanted.
  const server = `${options.server}-asks`
  const host: Host = createHost({ engine, server, reach })
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  let cleaning: Promise<void> | null = null

  /** Removes what a process that was killed has left, before anything is started. */
  function clean(): Promise<void> {
    cleaning ??= host
      .adopt(() => null)
      .then(
        () => {},
        (error) => {
          cleaning = null
          throw error
        },
      )
    return cleaning
  }

  async function cleanAtStart(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        return await clean()
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        await sleep(limits.awayAgainMs, closing.signal)
      }
    }
  }

  void cleanAtStart()

  function workloadOf({ image, bootLimitMs }: Question): Workload {
    const key = `asked@${newId()}`
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
    const images = createImages({ engine, authFor: (name) => question.auth ?? authFor(name) })
    const instance = createInstance({
      ...{ host, images, limits, now, look: question.look, gpus: [], gpuBytes: null },
      isOutdated: false,
      name: `sandpit-${newId()}`,
      workload: workloadOf(question),
      changed() {
        const state = instance.state()
        question.told(state)
        if (state.phase !== 'ready') return
        answer.resolve({ kind: 'answered' })
        instance.leave()
      },
      ending: (how) => answer.resolve(silent(how, instance.logs())),
    })
    signal.addEventListener('abort', () => instance.stop(), { once: true })
    running.add(instance.over)
    void instance.over.then(() => running.delete(instance.over))
    instance.start()
    return answer.promise
  }

  return {
    /** Pulls an image when it is not there, starts a container of it, and asks that. Never rejects. */
    async ask(question: Question): Promise<Answer> {
      const signal = AbortSignal.any([question.signal, closing.signal, AbortSignal.timeout(pullMs)])
      try {
        await clean()
        return await start(question, signal)
      } catch (error) {
        if (!(error instanceof EngineError)) throw error
        return silent({ kind: 'away', sentence: error.message }, '')
      }
    },
    /**
     * A file of an image that the engine has, out of a container that is never started: as a tar archive. Null when
     * there is none. Rejects with `EngineError`.
     */
    async fileOf(image: string, path: string): Promise<Uint8Array | null> {
      await clean()
      const { product } = await engine.facts()
      const settings = { ...usualContainer, image, gpus: [] }
      const own = { [labels.server]: server }
      const none = { network: 'none' }
      const spec = containerSpec({ settings, product, reach: none, labels: own })
      const container = await engine.create(`sandpit-${newId()}`, spec)
      try {
        return await engine.file(container, path)
      } finally {
        await engine.remove(container).catch(() => {})
      }
    },
    /** Ends what is asked, and removes its containers. */
    async close(): Promise<void> {
      closing.abort()
      await Promise.all(running)
    },
  }
}

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
