import type { GroupMember, PlannedRun, RunGroup } from '../../domain/group/group.ts'
import { isSettled } from '../../domain/prediction/prediction.ts'
import { sleep } from '../../sleep.ts'
import type { Journal } from '../journal/journal.ts'
import type { RunnerOptions } from '../options.ts'
import { usualTiming } from '../replicas/heartbeat.ts'
import { type Counts, createCounts } from './counts.ts'
import { createPlanning } from './plan.ts'
import { createPlanAgain } from './plan-again.ts'
import { createStartPlanned, type Outcome, type StartPlannedOptions } from './start-planned.ts'

interface GroupsOptions extends RunnerOptions, StartPlannedOptions {
  readonly journal: Pick<Journal, 'listenToSaves' | 'alter' | 'changed'>
  cancel(id: string): Promise<void>
}

/** How many runs of a group wait or run at once: the others of a model’s queue get their turns, and find room. */
const mostUnsettled = 32
/** Runs that are started in one write. */
const atOnce = 16
/** A group that waits for its own runs counts them again after this: with replicas, they may end elsewhere. */
const elsewhereMs = 1_000
const aloneMs = 30_000
/** A plan that is not complete after this is never completed: its server was stopped. */
const planningMs = 60 * 60_000

const busy = 'Its model takes no more runs just now. Run the rest when it does.'

/** Why a group goes on no more that somebody canceled. */
export const canceled = 'It was canceled.'

interface Feed {
  readonly done: Promise<void>
  readonly counts: Counts
  /** More was planned since it began. */
  goesOn: boolean
}

export type Groups = ReturnType<typeof createGroups>

/** Starts the planned runs of groups, a few at a time, and goes on with them after a restart. */
export function createGroups(options: GroupsOptions) {
  const { store, journal, now, log, replicas, cancel } = options
  /** How long a server has a group: as long as one may be silent before it is taken for dead. */
  const claimMs = options.timing?.deadMs ?? usualTiming.deadMs
  const lookMs = claimMs / 2
  const plan = createPlanning(options)
  const { ready, startPlanned } = createStartPlanned(options)
  const planAgain = createPlanAgain({ ...options, ready })
  const feeding = new Map<string, Feed>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined

  journal.listenToSaves((previous, next) => {
    if (next.group === null) return
    if (isSettled(next) && !isSettled(previous)) feeding.get(next.group.id)?.counts.ended()
    tell(next.group.id)
  })

  /** Those who watch a group are told. */
  function tell(group: string): void {
    journal.alter(group)
  }

  function feed(id: string): void {
    if (feeding.has(id) || stopping.signal.aborted) return
    const counts = createCounts(id, store)
    const done = feedUntilDone(id, counts)
      .catch((error) => {
        log.error({ error, group: id }, 'The runs of a group could not be started')
        // The database may be away for a while.
        setTimeout(feed, lookMs, id).unref()
      })
      .then(() => release(id))
      .finally(() => {
        const more = feeding.get(id)?.goesOn
        feeding.delete(id)
        if (more) feed(id)
      })
    feeding.set(id, { done, counts, goesOn: false })
  }

  /** To be called after more was planned, or may be started. */
  function feedMore(id: string): void {
    const known = feeding.get(id)
    if (!known) {
      feed(id)
      return
    }
    known.goesOn = true
    known.counts.forget()
  }

  /** Lets another server go on at once. */
  async function release(id: string): Promise<void> {
    if (replicas) await store.claimGroup(id, replicas.id, now(), 0).catch(() => {})
  }

  async function feedUntilDone(id: string, counts: Counts): Promise<void> {
    while (!stopping.signal.aborted) {
      const group = await store.findGroup(id)
      if (group?.stopped === canceled) await cancelAll(id)
      if (!group || group.stopped !== null) return
      if (replicas && !(await store.claimGroup(id, replicas.id, now(), now() + claimMs))) return
      const { isListed, unsettled } = await counts.read()
      // The first that becomes a prediction stands for the group in lists, so it is started alone.
      const isFirst = !isListed
      const room = isFirst ? 1 : Math.min(atOnce, mostUnsettled - unsettled)
      const runs = room > 0 ? await store.nextPlanned(id, { from: 0, limit: room }) : []
      if (room > 0 && runs.length === 0) return void (await store.keepListed(id))
      const outcomes = await Promise.all(runs.map((run) => startOne(group, run, isFirst)))
      counts.made(outcomes.filter(({ kind }) => kind === 'made').length)
      tell(id)
      await goOnAfter(id, outcomes, counts)
    }
  }

  async function startOne(group: RunGroup, run: PlannedRun, isListed: boolean): Promise<Outcome> {
    const outcome = await startPlanned(group, run, isListed).catch(async (error: unknown) => {
      // The server stopped before it took the run from the plan, or another one starts the same.
      const known = await store.memberAt(group.id, run.place)
      if (known === null) throw error
      return { kind: 'made' } as const
    })
    if (outcome.kind === 'made') await store.settlePlan(group.id, run.place, null)
    if (outcome.kind === 'refused') await store.settlePlan(group.id, run.place, outcome.problem)
    return outcome
  }

  async function goOnAfter(
    id: string,
    outcomes: readonly Outcome[],
    counts: Counts,
  ): Promise<void> {
    const stop = outcomes.find((outcome) => outcome.kind === 'stop')
    if (stop) return void (await store.stopGroup(id, stop.reason))
    const waits = outcomes.flatMap((outcome) => (outcome.kind === 'wait' ? [outcome.ms] : []))
    if (waits.length > 0) await sleep(Math.max(...waits), stopping.signal)
    else if (outcomes.length === 0) await counts.change(replicas ? elsewhereMs : aloneMs)
  }

  async function look(): Promise<void> {
    for (const id of await store.openGroups()) feed(id)
    timer = stopping.signal.aborted || !replicas ? undefined : setTimeout(lookSoon, lookMs).unref()
  }

  function lookSoon(): void {
    look().catch((error) => {
      log.error({ error }, 'The groups of runs could not be read')
      timer = setTimeout(lookSoon, lookMs).unref()
    })
  }

  async function cancelAll(id: string): Promise<void> {
    for await (const one of membersOf(id, null)) if (!isSettled(one)) await cancel(one.id)
  }

  /** The predictions of a group at some places, or at all of them. */
  async function* membersOf(
    id: string,
    places: readonly number[] | null,
  ): AsyncGenerator<GroupMember> {
    const limit = 200
    for (const place of places ?? []) {
      const [member] = await store.membersOf(id, { from: place, limit: 1 })
      if (member?.group.place === place) yield member
    }
    for (let from = 0; places === null; ) {
      const members = await store.membersOf(id, { from, limit })
      yield* members
      const last = members.at(-1)
      if (!last || members.length < limit) return
      from = last.group.place + 1
    }
  }

  async function goOn(id: string): Promise<void> {
    await store.stopGroup(id, null)
    feedMore(id)
    tell(id)
  }

  /** Starts some of a group of which no more are started by themselves. Resolves with why one was not. */
  async function startSome(group: RunGroup, places: readonly number[]): Promise<string | null> {
    for (const place of places) {
      const [run] = await store.nextPlanned(group.id, { from: place, limit: 1 })
      if (run?.place !== place) continue
      const outcome = await startOne(group, run, false)
      if (outcome.kind === 'stop') return outcome.reason
      if (outcome.kind === 'wait') return busy
    }
    return null
  }

  return {
    /** Plans the runs of a new group, all or none of them, and begins to start them. */
    async start(request: Parameters<typeof plan>[0]): Promise<RunGroup> {
      const group = await plan(request)
      feed(group.id)
      return group
    },
    /** Starts no more of its runs, and cancels those that are not settled. */
    async cancel(id: string): Promise<void> {
      await store.stopGroup(id, canceled)
      feeding.get(id)?.counts.wake()
      await feeding.get(id)?.done
      await cancelAll(id)
      tell(id)
    },
    /** Goes on with what is still planned. */
    resume: goOn,
    /**
     * Runs again those at some places, or at all of them (null), that did not succeed: each in place of the one before.
     * Of a group that was stopped, the rest goes on with all; some places are started at once, without the rest.
     * Resolves with why some were not started.
     */
    async again(group: RunGroup, places: readonly number[] | null): Promise<readonly string[]> {
      const { id, stopped } = group
      const { planned = 0 } = (await store.countsOf([id])).get(id) ?? {}
      const { replaced, problems } = await planAgain(group, membersOf(id, places))
      for (const { prediction } of replaced) journal.changed(prediction)
      if (replaced.length === 0) return problems
      if (stopped === null || places === null || planned === 0) {
        await goOn(id)
        return problems
      }
      const problem = await startSome(
        group,
        replaced.map(({ place }) => place),
      )
      await store.keepListed(id)
      tell(id)
      return problem === null ? problems : [...problems, problem]
    },
    /** A prediction of it was removed. */
    lost(id: string): void {
      feeding.get(id)?.counts.forget()
      tell(id)
    },
    /** Removes it; its predictions stay. */
    async remove(id: string): Promise<void> {
      await store.removeGroup(id, now())
      tell(id)
    },
    /** Goes on with the groups of an earlier process, and, where there are replicas, of those that are gone. */
    async open(): Promise<void> {
      await store.dropUnopened(now() - planningMs)
      lookSoon()
    },
    /** Starts no more. Resolves when nothing is being started. */
    async stop(): Promise<void> {
      clearTimeout(timer)
      stopping.abort()
      for (const { counts } of feeding.values()) counts.wake()
      await Promise.allSettled([...feeding.values()].map(({ done }) => done))
    },
  }
}
