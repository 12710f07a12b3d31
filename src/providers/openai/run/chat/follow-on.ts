import type { Occurrence } from '../../../../domain/prediction/event.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import type { ServerRunOptions } from '../options.ts'
import { contextOf } from './context.ts'
import { createConversations, openStream } from './conversations.ts'
import { createChatReporter } from './reporter.ts'
import { readerFor, readStream, reportEnd } from './stream.ts'

/** Follows a run that was in progress when the server was restarted: llama.cpp keeps its stream. */
export async function* followOn(
  options: ServerRunOptions,
  remote: string,
): AsyncGenerator<Occurrence> {
  const { run, placed, limits } = options
  const at = remote.lastIndexOf('#')
  const base = remote.slice(0, at)
  const server = placed.places.find((place) => place.server.base === base)?.server
  if (!server) {
    yield { type: 'failed', error: noLongerConfigured }
    return
  }
  const conversation = createConversations(options).at(server, remote.slice(at + 1))
  if (run.signal.aborted) return await conversation.stop()
  const release = server.reserve()
  const connection = new AbortController()
  const signal = AbortSignal.any([run.signal, connection.signal])
  let isOpen = true
  try {
    const response = await openStream(server, conversation.id, 0, options, signal)
    if (!response) {
      isOpen = false
      await conversation.stop()
      yield { type: 'interrupted', rerun: true }
      return
    }
    yield { type: 'started' }
    const { chunks, units = 0 } = run.known
    const abilities = placed.abilities()
    const context = abilities && contextOf(abilities, run.input)
    const known = { chunks, units }
    const reporter = createChatReporter({ known, limits, context, sinceMs: null })
    const hangUp = () => connection.abort()
    const reader = readerFor(response.type, limits)
    const end = yield* readStream(response, { reader, reporter, limits, server, hangUp })
    if (run.signal.aborted) return
    yield* reportEnd(end, server, reporter)
    isOpen = false
  } catch (error) {
    if (run.signal.aborted || !(error instanceof RequestError)) throw error
    yield { type: 'interrupted', rerun: true }
  } finally {
    connection.abort()
    if (isOpen && run.signal.reason !== 'stopped') await conversation.stop()
    release()
  }
}

const noLongerConfigured =
  'The server was restarted, and the one that ran this is no longer configured.'
