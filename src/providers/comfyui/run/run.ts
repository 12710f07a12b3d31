import { formatJson } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import { createBoundedLog } from '../../bounded-log.ts'
import type { Run } from '../../provider.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { ComfyLimits } from '../limits.ts'
import type { ServedModel } from '../servers/fleet.ts'
import type { Server } from '../servers/server.ts'
import { workflowJson } from '../workflow/workflow.ts'
import { stop } from './cancel.ts'
import { type FollowEnd, type FollowOptions, follow } from './follow.ts'
import { findServer, type Placement } from './placement.ts'
import { fillWorkflow, promptIdOf } from './prompt.ts'
import { remoteOf, submitAndFollow } from './submit.ts'
import { createUpdates, type Updates, watch } from './update.ts'
import { uploadFiles } from './upload.ts'

export interface ComfyRunOptions {
  readonly run: Run
  readonly served: ServedModel
  readonly client: UpstreamClient
  readonly limits: ComfyLimits
  /** The run's own, for files to be sent. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The parts of one run. */
interface Running extends ComfyRunOptions, Pick<FollowOptions, 'source' | 'note'> {
  readonly updates: Updates
}

/** Runs a workflow at one of its servers, or follows a run that is in progress there. */
export async function* runWorkflow(options: ComfyRunOptions): AsyncGenerator<Occurrence> {
  const { run, served, limits } = options
  if (run.signal.aborted && !run.remote) return
  const updates = createUpdates()
  const log = createBoundedLog(limits.maxLogUnits, run.known.logs)
  const note = (line: string) => log(`${line}\n`)
  const running = { ...options, source: served.source, updates, note }
  const abort = () => updates.push({ type: 'aborted' })
  if (run.signal.aborted) abort()
  else run.signal.addEventListener('abort', abort, { once: true })
  try {
    if (run.remote) yield* followOn(running, run.remote)
    else while (yield* tryRun(running));
  } finally {
    run.signal.removeEventListener('abort', abort)
  }
}

/** Places the run at a server; returns whether that could not be reached after all, so that it is tried again. */
async function* tryRun(options: Running): AsyncGenerator<Occurrence, boolean> {
  const { run, served, limits } = options
  const placement = yield* findServer({ ...options, servers: served.servers })
  if (!placement) return false
  let isRefused = false
  try {
    isRefused = yield* runAt(placement, options)
  } finally {
    placement.release()
  }
  if (isRefused) await sleep(limits.waitMs, run.signal)
  return isRefused
}

async function* runAt(
  { server }: Placement,
  options: Running,
): AsyncGenerator<Occurrence, boolean> {
  const { run, source, note } = options
  const prepared = await prepare(server, options)
  if (run.signal.aborted) return false
  if ('refused' in prepared) return true
  if ('error' in prepared) {
    yield { type: 'failed', error: prepared.error }
    return false
  }
  const { workflow, seeds } = fillWorkflow(source, prepared.input, run.id)
  for (const seed of seeds) yield* note(`Using seed: ${seed}`)
  const promptId = promptIdOf(run)
  yield { type: 'submitted', remote: remoteOf(server.url, promptId) }
  if (run.signal.aborted) return false
  const body = (id: string) =>
    formatJson({ prompt: workflowJson(workflow), prompt_id: id, client_id: id })
  return yield* submitAndFollow({ ...options, server, promptId }, body(promptId))
}

type Prepared =
  | { readonly input: Run['input'] }
  | { readonly error: string }
  /** The server could not be reached. */
  | { readonly refused: true }

/** Uploads the files of the run. */
async function prepare(server: Server, options: Running): Promise<Prepared> {
  try {
    const sent = await uploadFiles({ ...options, fields: options.source.fields, server })
    return sent.ok ? { input: sent.input } : { error: sent.error }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    return error.sent
      ? { error: `A file could not be sent to its server: ${error.message}.` }
      : { refused: true }
  }
}

/** Follows a run that was in progress when its server of ours was stopped. */
async function* followOn(options: Running, remote: string): AsyncGenerator<Occurrence> {
  const [url, promptId = ''] = remote.split('#')
  const server = options.served.servers.find((one) => one.url === url)
  if (!server) {
    const error =
      'The server was restarted, and the ComfyUI server that ran this is no longer configured.'
    yield { type: 'failed', error }
    return
  }
  const release = server.reserve()
  const done = new AbortController()
  const { signal } = done
  let end: FollowEnd | null = null
  try {
    const watcher = await watch({ ...options, server, promptId, signal })
    watcher.start(promptId)
    end = yield* follow({ ...options, server, promptId, signal })
  } finally {
    if (end === null) await stop({ server, promptId })
    done.abort()
    release()
  }
}
