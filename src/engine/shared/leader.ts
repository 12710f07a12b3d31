import type { Json } from '../../domain/json/json.ts'
import { sleep } from '../../sleep.ts'
import type { InstanceRequest } from '../../store/instances.ts'
import type { Instances, Workloads } from '../instances/interface.ts'
import type { Taken, WaitState } from '../instances/waiting.ts'
import type { Workload } from '../instances/workload.ts'
import { createBell } from './bell.ts'
import type { Leading, Sharing } from './sharing.ts'
import type { SharedStates } from './states.ts'

export interface LeaderOptions extends Sharing {
  readonly states: SharedStates
  readonly workloads: Workloads
  readonly start: (leading: Leading) => Instances
  readonly closing: AbortSignal
}

/** Requests are read as often as this without being told of, in milliseconds. */
const readMs = 1_000

/** One that could not read the database for so long, in milliseconds, runs the containers no longer. */
const lostMs = 3_000

/** What a container writes is passed on this often at most, in milliseconds. */
const noteMs = 250

/** A workload that others know of is looked for this long, in milliseconds. */
const newsMs = 10_000

/** The logs of containers that others are shown, in UTF-16 units of each. */
const mostLogUnits = 8_000

/** Runs the containers for all servers, for as long as it holds the lock. */
export function createLeader(options: LeaderOptions) {
  const { table, changes, now, log, states, closing } = options
  const bell = createBell()
  let instances: Instances | null = null
  let readAt = 0

  changes.listen((change) => {
    if (change.type === 'instance requests') bell.ring()
  })
  changes.onGap(bell.ring)
  closing.addEventListener('abort', bell.ring, { once: true })

  const mayAct = () => now() - readAt < lostMs

  async function lead(): Promise<void> {
    // The one before may not have noticed yet that it has lost the lock.
    if (await hasOthers()) await sleep(lostMs + readMs, closing)
    await states.read()
    if (closing.aborted) return
    readAt = now()
    const started = options.start({ mayAct })
    instances = started
    const changed = new Set<string>(states.models())
    // A pull changes with each of its lines, hundreds of times a second.
    const ringSoon = () => bell.ringIn(Math.min(noteMs, Math.max(0, readAt + noteMs - now())))
    started.listen((model) => {
      changed.add(model)
      ringSoon()
    })
    const serving = createServing(options, started, ringSoon)
    try {
      while (!closing.aborted && mayAct()) {
        await readOnce(serving, changed, started)
        await bell.rungWithin(readMs)
      }
    } finally {
      instances = null
      serving.close()
      // What runs is gone on with by the next.
      await started.close()
    }
  }

  async function hasOthers(): Promise<boolean> {
    return [...(await options.live())].some((id) => id !== options.replica)
  }

  async function readOnce(serving: Serving, changed: Set<string>, started: Instances) {
    try {
      serving.serve(await table.requests())
      readAt = now()
      await serving.tell()
      await saveChanged(changed, started)
    } catch (error) {
      log.error({ error }, 'Requests for containers could not be read')
    }
  }

  /** Those that have changed until now: what changes meanwhile is saved after the next look at requests. */
  async function saveChanged(changed: Set<string>, started: Instances): Promise<void> {
    for (const model of [...changed]) {
      changed.delete(model)
      try {
        await states.save(sharedOf(model, started))
      } catch (error) {
        changed.add(model)
        throw error
      }
    }
  }

  return {
    lead,
    changed: (): void => instances?.changed(),
  }
}

function sharedOf(model: string, instances: Instances) {
  const all = instances.of(model)
  return { model, states: all.map(shortened), failures: instances.failing(model) }
}

function shortened<T extends { readonly logs: string }>(one: T): T {
  return { ...one, logs: one.logs.slice(-mostLogUnits) }
}

/** The state of a wait as it is written for the server of the run: its logs are shortened. */
function toldOf(state: WaitState): Json {
  const told =
    state.kind === 'instance'
      ? { ...state, state: shortened(state.state) }
      : state.kind === 'held up'
        ? shortened(state)
        : state
  return told as unknown as Json
}

type Serving = ReturnType<typeof createServing>

/** A request that is being worked on, or a slot that is held for it. */
interface Served {
  readonly leave: AbortController
  release: (() => void) | null
  /** JSON of what was told last of its wait. */
  told: string
}

/** Works on the requests of servers, those of this one among them. */
function createServing(
  { table, changes, now, log, workloads }: LeaderOptions,
  instances: Instances,
  ring: () => void,
) {
  const served = new Map<string, Served>()
  const progress = new Map<string, { readonly replica: string; readonly state: WaitState }>()
  let notedAt = 0

  function serve(requests: readonly InstanceRequest[]): void {
    const there = new Set(requests.map(({ id }) => id))
    for (const [id, one] of served) if (!there.has(id)) drop(id, one)
    for (const request of requests) if (!served.has(request.id)) begin(request)
  }

  function drop(id: string, { leave, release }: Served): void {
    served.delete(id)
    progress.delete(id)
    leave.abort()
    release?.()
  }

  function begin(request: InstanceRequest): void {
    const { id, kind, subject, askedAt } = request
    const workload = kind === 'slot' ? workloads.find(subject) : null
    // Another server may have heard of a new version before this one.
    const mayCome = now() - askedAt < newsMs && request.answer === null
    if (kind === 'slot' && !workload && mayCome) return
    const one: Served = { leave: new AbortController(), release: null, told: '' }
    served.set(id, one)
    work(request, one, workload).catch((error) => {
      log.error({ error }, 'A request for a container could not be answered')
      // The one who asks waits on: with the next look at requests, it is begun anew.
      if (served.get(id) === one) drop(id, one)
    })
  }

  async function work(request: InstanceRequest, one: Served, workload: Workload | null) {
    const { id, kind, subject, answer } = request
    const { signal } = one.leave
    switch (kind) {
      case 'slot':
        if (answer !== null) return holdAgain(answer, one)
        if (!workload) return reply(request, { kind: 'broken', sentence: goneSentence })
        return give(
          request,
          one,
          await instances.take(workload, signal, (state) => {
            progress.set(id, { replica: request.replica, state })
            ring()
          }),
        )
      case 'slot at': {
        const slot = await instances.takeAt(subject, signal)
        one.release = slot?.release ?? null
        if (signal.aborted) return slot?.release()
        return answer === null ? reply(request, slot !== null) : undefined
      }
      case 'memory':
        return reply(request, (await instances.memoryOf(subject)) as Json)
      case 'drain':
        return reply(request, await instances.drain(subject))
      case 'stop':
        return reply(request, await instances.stop(subject))
      case 'try again':
        await instances.tryAgain(subject)
        return reply(request, true)
    }
  }

  async function give(request: InstanceRequest, one: Served, taken: Taken): Promise<void> {
    progress.delete(request.id)
    if (taken.kind === 'stopped') return
    if (taken.kind === 'broken') return reply(request, { ...taken })
    const { origin, release } = taken.slot
    one.release = release
    if (one.leave.signal.aborted) return release()
    await reply(request, { kind: 'slot', origin })
  }

  /** A slot that the server before this one has given. */
  async function holdAgain(answer: Json, one: Served): Promise<void> {
    const { origin } = answer as { readonly origin?: string }
    const slot = origin === undefined ? null : await instances.takeAt(origin, one.leave.signal)
    one.release = slot?.release ?? null
    if (one.leave.signal.aborted) slot?.release()
  }

  async function reply({ id, replica }: InstanceRequest, answer: Json): Promise<void> {
    await table.answer(id, answer)
    changes.tell({ type: 'instance answers', replica })
  }

  return {
    serve,
    /** Tells those who wait what they wait for. */
    async tell(): Promise<void> {
      if (progress.size === 0) return
      if (now() - notedAt < noteMs) return ring()
      notedAt = now()
      const all = [...progress]
      progress.clear()
      const replicas = new Set<string>()
      for (const [id, { replica, state }] of all) {
        const one = served.get(id)
        const told = toldOf(state)
        const text = JSON.stringify(told)
        // Each step says what everybody waits for, also where that is as before.
        if (!one || one.told === text) continue
        await table.note(id, told)
        one.told = text
        replicas.add(replica)
      }
      for (const replica of replicas) changes.tell({ type: 'instance answers', replica })
    },
    close(): void {
      for (const [id, one] of served) {
        served.delete(id)
        one.leave.abort()
      }
    },
  }
}

const goneSentence =
  'The image of this version is no longer kept. Run it again to use the current version.'
