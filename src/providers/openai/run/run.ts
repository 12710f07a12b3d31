import type { Occurrence } from '../../../domain/prediction/event.ts'
import { sleep, within } from '../../../sleep.ts'
import { RequestError } from '../../upstream/request-error.ts'
import type { Kind } from '../servers/abilities.ts'
import { createConversations } from './chat/conversations.ts'
import { followOn } from './chat/follow-on.ts'
import { createInputFiles } from './files.ts'
import { NotSendable } from './not-sendable.ts'
import type { ServerRunOptions } from './options.ts'
import { findSlot, isOver, loadingLabel, type Patience, type Slot } from './place.ts'
import { reportFailure } from './refusal.ts'
import { type Sent, sendRun } from './send.ts'
import type { Task } from './task.ts'
import { tasks } from './tasks/index.ts'

/** Runs a prediction at a server of its model, or follows one that is in progress there. */
export async function* runAtServers(options: ServerRunOptions): AsyncGenerator<Occurrence> {
  const { run } = options
  if (run.remote !== null) return yield* followOn(options, run.remote)
  if (run.signal.aborted) return
  const files = createInputFiles(options)
  try {
    const task = await tasks[kindOf(options)](options, files)
    const patience: Patience = { since: null }
    while (yield* tryRun(options, task, patience));
  } catch (error) {
    if (run.signal.aborted) return
    if (!(error instanceof NotSendable)) throw error
    yield { type: 'failed', error: error.message }
  } finally {
    await files.close()
  }
}

function kindOf({ placed }: ServerRunOptions): Kind {
  return placed.abilities()?.kind ?? 'chat'
}

/** Sends the run to a server; returns whether that did not take it, so that it is tried again. */
async function* tryRun(
  options: ServerRunOptions,
  task: Task,
  patience: Patience,
): AsyncGenerator<Occurrence, boolean> {
  const slot = yield* findSlot(options, patience)
  if (!slot) return false
  try {
    return yield* runIn(slot, options, task, patience)
  } finally {
    slot.release()
  }
}

/** How long a server may take to answer before that is shown, in milliseconds. */
const quietMs = 1_000

async function* runIn(
  slot: Slot,
  options: ServerRunOptions,
  task: Task,
  patience: Patience,
): AsyncGenerator<Occurrence, boolean> {
  const { run, client } = options
  const connection = new AbortController()
  const signal = AbortSignal.any([run.signal, connection.signal])
  const isChat = kindOf(options) === 'chat'
  const conversation = isChat ? createConversations(options).open(slot) : null
  let isOpen = false
  try {
    const { path, body } = await task.request(slot)
    if (conversation) yield { type: 'submitted', remote: conversation.remote }
    isOpen = conversation !== null
    if (run.signal.aborted) return false
    const url = `${slot.serving.root}${path}`
    const sentAt = performance.now()
    const headers = conversation?.headers ?? {}
    const sending = sendRun({ url, body, headers }, slot.server, client, signal)
    // It is awaited below, whatever the reader of this does meanwhile.
    sending.catch(() => {})
    if ((await within(quietMs, sending)) === undefined)
      yield { type: 'progressed', progress: { label: quietLabel(slot) } }
    const sent = await sending
    if (sent.kind === 'answered') {
      yield { type: 'started' }
      const name = conversation?.id ?? null
      const hangUp = () => connection.abort()
      const { response } = sent
      yield* task.read({ slot, response, sentAt, conversation: name, hangUp })
      isOpen &&= run.signal.aborted
      return false
    }
    isOpen = false
    if (conversation) yield { type: 'submitted', remote: null }
    return yield* notTaken(sent, slot, options, patience)
  } catch (error) {
    if (run.signal.aborted || !(error instanceof RequestError)) throw error
    yield { type: 'failed', error: `The answer of its server broke off: ${error.message}.` }
    return false
  } finally {
    connection.abort()
    // The server goes on with a stream that it keeps until it is told to stop.
    if (isOpen && run.signal.reason !== 'stopped') await conversation?.stop()
  }
}

function quietLabel({ served }: Slot): string {
  return served.state === 'ready' ? 'Waiting for its server to answer' : loadingLabel
}

async function* notTaken(
  sent: Exclude<Sent, { kind: 'answered' }>,
  { server }: Slot,
  { run, limits }: ServerRunOptions,
  patience: Patience,
): AsyncGenerator<Occurrence, boolean> {
  if (sent.kind === 'refused') {
    yield { type: 'logged', offset: 0, text: `${server.base}: ${sent.raw}\n` }
    yield* reportFailure(sent.failure)
    return false
  }
  const { why, afterMs, sentence } = sent
  if (why === 'away') server.lost(sentence)
  if (why === 'loading') await server.check()
  const waitMs = afterMs ?? limits.waitMs
  if (why !== 'loading' && (isOver(patience, limits) || waitMs > limits.patienceMs)) {
    yield { type: 'failed', error: sentence }
    return false
  }
  const label = why === 'loading' ? loadingLabel : busyLabel
  if (why !== 'away') yield { type: 'progressed', progress: { label } }
  await sleep(waitMs, run.signal)
  return !run.signal.aborted
}

const busyLabel = 'Its server is busy'
