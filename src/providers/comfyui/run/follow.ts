import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import type { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import { type QueuePlace, type Server, unreachable } from '../servers/server.ts'
import type { WorkflowSource } from '../source.ts'
import { cancelPrompt } from './cancel.ts'
import type { PromptEvent } from './message.ts'
import { reportOutcome } from './outcome.ts'
import { createProgress } from './progress.ts'
import type { RunUpdate, Updates } from './update.ts'

export interface FollowOptions {
  readonly run: Run
  readonly source: WorkflowSource
  readonly server: Server
  readonly promptId: string
  readonly client: UpstreamClient
  readonly limits: ComfyLimits
  readonly updates: Updates
  /** Aborts when the run is no longer followed. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Reports a line of the logs. */
  readonly note: (line: string) => Generator<Occurrence>
}

/** `detached`: our server stops, and the run goes on. `ended`: there is nothing more to do. */
export type FollowEnd = 'ended' | 'detached'

/** The state of a run that is followed. */
interface Following extends FollowOptions {
  readonly progress: ReturnType<typeof createProgress>
  hasBegun: boolean
  isCanceled: boolean
  /** How many looks in a row did not find it: it may have ended between the two requests of one. */
  absences: number
  /** Since when its server cannot be reached; null while it can. */
  goneSince: number | null
  label: string | null
  /** When progress was reported last; 0 before the first time. */
  reportedAt: number
}

/** Reports a prompt until it ends. */
export async function* follow(options: FollowOptions): AsyncGenerator<Occurrence, FollowEnd> {
  const state = {
    hasBegun: false,
    isCanceled: false,
    absences: 0,
    goneSince: null,
    label: null,
    reportedAt: 0,
  }
  const run: Following = { ...options, ...state, progress: createProgress(options) }
  while (true) {
    const end = yield* handle(await options.updates.next(), run)
    if (end) return end
  }
}

type Handled = AsyncGenerator<Occurrence, FollowEnd | null>

async function* handle(update: RunUpdate, run: Following): Handled {
  switch (update.type) {
    case 'event':
      yield* onEvent(update.event, run)
      return null
    case 'preview':
      run.progress.show(update.preview, run.now())
      if (run.hasBegun) yield* reportProgress(run, false)
      return null
    case 'looked':
      run.goneSince = null
      return yield* onLook(update, run)
    case 'unreachable':
      return yield* onUnreachable(update.error, run)
    case 'aborted':
      if (run.run.signal.reason === 'stopped') return 'detached'
      run.isCanceled = true
      void cancelPrompt(run)
      return null
    case 'cancel timed out':
      yield* run.note('The server did not stop this run when it was asked to.')
      return 'ended'
  }
}

async function* onEvent(event: PromptEvent, run: Following): AsyncGenerator<Occurrence> {
  if (event.type === 'ended') return
  yield* begin(run)
  const title = run.progress.take(event)
  if (title !== null) yield* run.note(title)
  if (event.type !== 'began') yield* reportProgress(run, title !== null)
}

/** Each report is saved, with its preview: steps may be many in a second. */
function* reportProgress(run: Following, isUrgent: boolean): Generator<Occurrence> {
  const now = run.now()
  if (!isUrgent && now - run.reportedAt < run.limits.progressMs) return
  run.reportedAt = now
  yield { type: 'progressed', progress: run.progress.now() }
}

function* begin(run: Following): Generator<Occurrence> {
  if (!run.hasBegun) yield { type: 'started' }
  run.hasBegun = true
}

async function* onLook(
  { record, place }: Extract<RunUpdate, { type: 'looked' }>,
  run: Following,
): Handled {
  if (record) {
    if (run.isCanceled) return 'ended'
    yield* begin(run)
    yield* reportOutcome(record, run)
    return 'ended'
  }
  run.absences = place?.kind === 'absent' ? run.absences + 1 : 0
  if (place?.kind === 'running') yield* begin(run)
  if (place?.kind === 'waiting') yield* reportPlace(place, run)
  if (run.absences < 2) return null
  return run.isCanceled ? 'ended' : yield* onLoss(run)
}

function* reportPlace(
  { before }: Extract<QueuePlace, { kind: 'waiting' }>,
  run: Following,
): Generator<Occurrence> {
  const label = before === 0 ? 'Next at its server' : `In line at its server, ${before} before it`
  if (label !== run.label) yield { type: 'progressed', progress: { label } }
  run.label = label
}

/** A server forgets all prompts when it is restarted. */
async function* onLoss({ run, server, note }: Following): Handled {
  yield* note(`ComfyUI at ${server.url} does not know this run any longer.`)
  if (run.remote !== null) yield { type: 'interrupted', rerun: true }
  else
    yield {
      type: 'failed',
      error: 'Its server lost this run: it was restarted, or somebody removed the run there.',
    }
  return 'ended'
}

async function* onUnreachable(error: RequestError, run: Following): Handled {
  const { server, limits, now, note } = run
  if (error.large) {
    yield { type: 'failed', error: 'The workflow made more text than can be read.' }
    return 'ended'
  }
  const since = run.goneSince ?? now()
  run.goneSince = since
  // A server that refuses connections has ended, and its prompts with it.
  const isOver = now() - since >= limits.goneMs
  if (!isOver) return null
  yield* note(unreachable(server.url, error))
  yield { type: 'failed', error: 'Its server went away during this run.' }
  return 'ended'
}
