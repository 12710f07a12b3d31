import { join } from 'node:path'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep } from '../../../sleep.ts'
import type { Callback, CallbacksElsewhere, Received, Run } from '../../provider.ts'
import {
  createResponseReader,
  mayHoldFileUrls,
  type ResponseReader,
} from '../../response-reader.ts'
import type { ModelWarmth } from '../models/warmth.ts'
import { readUpstreamPrediction } from '../responses.ts'
import type { LiveRun, RunParts } from './remote-run.ts'
import { runAtReplicate } from './run.ts'
import { createSignatures } from './signatures.ts'
import { createWaker } from './waker.ts'

/** The runs in progress, which webhooks find by the ids of their predictions. */
export function createRuns(parts: RunParts, warmth: ModelWarmth) {
  const { client, limits, now } = parts
  const live = new Map<string, LiveRun>()
  const inProgress = new Set<Promise<void>>()
  const signatures = createSignatures(client, limits.secretMs, now)

  function readerFor(run: Run): ResponseReader {
    const fetched = ['replicate.delivery/', `${client.origin}/`]
    const addresses = mayHoldFileUrls(run.version.schema.output) ? 'all' : fetched
    const folder = join(parts.folder, `${run.id}-answers`)
    return createResponseReader({ run, folder, addresses })
  }

  async function* run(given: Run): AsyncGenerator<Occurrence> {
    const responses = readerFor(given)
    const own = { remote: given.remote ?? '', changed: false, waker: createWaker(), responses }
    live.set(given.id, own)
    const tracked = warmth.track(given.version.model)
    const over = Promise.withResolvers<void>()
    inProgress.add(over.promise)
    try {
      for await (const occurrence of runAtReplicate(given, own, parts)) {
        if (occurrence.type === 'started') tracked.started()
        yield occurrence
      }
    } finally {
      live.delete(given.id)
      await responses.close()
      tracked.ended()
      inProgress.delete(over.promise)
      over.resolve()
    }
  }

  async function receive(id: string, callback: Callback): Promise<Received> {
    const found = live.get(id)
    if (!found) return 'unknown'
    const checked = await signatures.check(callback)
    if (checked !== 'taken') return checked === 'repeated' ? 'taken' : checked
    const remote = await idIn(callback.body, found.responses)
    if (remote === null) return 'malformed'
    return wake(found, remote)
  }

  function wake(found: LiveRun, remote: string): Received {
    // A run whose response never came learns its id here: only it was given this callback URL.
    if (found.remote === '') found.remote = remote
    if (found.remote !== remote) return 'unknown'
    found.changed = true
    found.waker.wake()
    return 'taken'
  }

  /** The run asks for its state itself, so that its id is all that its replica is told. */
  const elsewhere: CallbacksElsewhere = {
    async receive(callback) {
      const checked = await signatures.check(callback)
      if (checked !== 'taken')
        return { received: checked === 'repeated' ? 'taken' : checked, text: null }
      if (callback.body.byteLength > mostParsedHere) return { received: 'taken', text: '' }
      const remote = idInText(new TextDecoder().decode(callback.body))
      return { received: remote === null ? 'malformed' : 'taken', text: remote }
    },
    told(id, remote) {
      const found = live.get(id)
      if (found) wake(found, remote || found.remote)
    },
  }

  return {
    run,
    receive,
    elsewhere,
    /** Waits until all runs have ended, for up to `cancelMs`. */
    async allEnded(): Promise<void> {
      const ended = new AbortController()
      void Promise.all(inProgress).then(() => ended.abort())
      await sleep(limits.cancelMs, ended.signal)
    },
  }
}

/** Larger ones would hold the event loop: the run is then only told that something came. */
const mostParsedHere = 2 ** 20

function idInText(text: string): string | null {
  try {
    return readUpstreamPrediction(JSON.parse(text)).id
  } catch {
    return null
  }
}

async function idIn(body: Callback['body'], responses: ResponseReader): Promise<string | null> {
  try {
    return readUpstreamPrediction((await responses.read(body)).json ?? null).id
  } catch {
    return null
  }
}
