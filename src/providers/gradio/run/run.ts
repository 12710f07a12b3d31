import { randomUUID } from 'node:crypto'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { Guard } from '../../../outbound/guard.ts'
import { sleep } from '../../../sleep.ts'
import { createChannel } from '../../channel.ts'
import type { UpstreamClient } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import { callAtOnce } from './call.ts'
import { type Joined, join, readRun, type Update } from './connection.ts'
import { followRun, lostSentence } from './follow.ts'
import { callData, NotSendable } from './inputs.ts'
import { createOutputs } from './outputs.ts'
import { refusalSentence } from './refusal.ts'
import { createReporter, type Reporter } from './reporter.ts'
import { findSlot, isOver, type Patience, type Slot, type SlotOptions } from './slot.ts'
import { stopRun } from './stop.ts'

export interface AppRunOptions extends SlotOptions {
  readonly client: UpstreamClient
  readonly guard: Guard
  /** The run's own, for files to be sent. */
  readonly folder: string
  /** Aborts when the provider is closed. */
  readonly closing: AbortSignal
}

/** Runs a prediction at an endpoint of its model. */
export async function* runInApp(options: AppRunOptions): AsyncGenerator<Occurrence> {
  const { run } = options
  const patience: Patience = { since: null }
  try {
    while (yield* tryRun(options, patience));
  } catch (error) {
    if (run.signal.aborted) return
    if (error instanceof NotSendable) yield { type: 'failed', error: error.message }
    else if (error instanceof RequestError)
      yield { type: 'failed', error: `A file could not be sent to the app: ${error.message}.` }
    else throw error
  }
}

/** Sends the run to an app; returns whether that did not take it, so that it is tried again. */
async function* tryRun(
  options: AppRunOptions,
  patience: Patience,
): AsyncGenerator<Occurrence, boolean> {
  const { run, client } = options
  const slot = yield* findSlot(options, patience)
  if (!slot) return false
  try {
    const { serving, endpoint } = slot
    const data = await callData(endpoint, { ...options, serving })
    if (run.signal.aborted) return false
    if (!endpoint.isQueued) {
      yield* callAtOnce(slot, data, reporterOf(slot, options), options)
      return false
    }
    const session = randomUUID()
    const joined = await join(serving, client, { fn: endpoint.fn, data, session })
    if (joined.kind !== 'joined') return yield* notTaken(joined, slot, options, patience)
    yield* runAt(slot, { session, event: joined.event }, options)
    return false
  } finally {
    slot.release()
  }
}

async function* notTaken(
  joined: Exclude<Joined, { kind: 'joined' }>,
  { place }: Slot,
  { run, limits }: AppRunOptions,
  patience: Patience,
): AsyncGenerator<Occurrence, boolean> {
  if (joined.kind === 'refused') {
    const { status, json, text } = joined
    yield { type: 'logged', offset: 0, text: `${place.app.base} answered ${status}: ${text}\n` }
    yield { type: 'failed', error: refusalSentence(status, json) }
    return false
  }
  if (joined.kind === 'full') {
    yield { type: 'progressed', progress: { label: 'The queue of its app is full' } }
  } else {
    // It was restarted, or signed us out.
    await place.app.check()
    if (isOver(patience, limits)) {
      yield { type: 'failed', error: `The app cannot run this: ${joined.reason}.` }
      return false
    }
  }
  await sleep(limits.waitMs, run.signal)
  return !run.signal.aborted
}

async function* runAt(
  slot: Slot,
  joined: { readonly session: string; readonly event: string | null },
  options: AppRunOptions,
): AsyncGenerator<Occurrence> {
  const { run, client, limits, closing } = options
  const { serving } = slot
  const channel = createChannel<Update>()
  const connection = new AbortController()
  const hangUp = () => connection.abort()
  const abort = () => channel.push({ type: 'aborted' })
  if (run.signal.aborted) abort()
  else run.signal.addEventListener('abort', abort, { once: true })
  const signal = AbortSignal.any([connection.signal, closing])
  const reading = readRun({ ...joined, serving, client, limits, channel, signal })
  const reporter = reporterOf(slot, options)
  let hasBegun = false
  let hasEnded = false
  try {
    const began = () => {
      hasBegun = true
    }
    const end = yield* followRun({ channel, reporter, limits, signal: run.signal, began })
    hasEnded = end !== 'told to stop'
    if (end === 'unknown') yield { type: 'failed', error: lostSentence }
  } finally {
    run.signal.removeEventListener('abort', abort)
    // An app stops what it can when a connection is closed.
    if (hasEnded || closing.aborted || run.signal.reason === 'stopped') hangUp()
    else await stopRun({ slot, joined, client, limits, channel, hasBegun, hangUp, reading })
  }
}

function reporterOf({ serving, endpoint }: Slot, options: AppRunOptions): Reporter {
  const outputs = createOutputs({ ...options, serving })
  const { sendsChanges } = serving.config
  return createReporter({ outputs, endpoint, sendsChanges, limits: options.limits })
}
