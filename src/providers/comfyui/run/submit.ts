import { isObject } from '../../../domain/json/json.ts'
import type { Occurrence } from '../../../domain/prediction/event.ts'
import type { UpstreamResponse } from '../../upstream/client.ts'
import { RequestError } from '../../upstream/request-error.ts'
import { unreachable } from '../servers/server.ts'
import { stop } from './cancel.ts'
import { type FollowEnd, type FollowOptions, follow } from './follow.ts'
import { hasDropped, refusalSentence } from './refusal.ts'
import { watch } from './update.ts'

type Submitting = Omit<FollowOptions, 'signal'>

/** Sends a workflow and follows it. Returns whether it did not reach the server, so that it is tried again. */
export async function* submitAndFollow(
  options: Submitting,
  body: string,
): AsyncGenerator<Occurrence, boolean> {
  const { client, server, promptId, source, note } = options
  const done = new AbortController()
  const { signal } = done
  let end: FollowEnd | null = null
  let given = promptId
  try {
    const watcher = await watch({ ...options, signal })
    const answer = await client.post(`${server.url}/prompt`, body, server.headers()).catch(asError)
    if (answer instanceof RequestError) {
      if (!answer.sent) {
        end = 'ended'
        yield { type: 'submitted', remote: null }
        return true
      }
      // It may have been accepted: a look tells.
      yield* note(unreachable(server.url, answer))
    } else if (answer.status !== 200) {
      end = 'ended'
      yield* refused(answer, options)
      return false
    } else if (hasDropped(answer.json)) {
      yield* note(`The server left some outputs out. ${refusalSentence(answer.json, source)}`)
    }
    if (!(answer instanceof RequestError)) given = idIn(answer, promptId)
    if (given !== promptId) yield { type: 'submitted', remote: remoteOf(server.url, given) }
    watcher.start(given)
    end = yield* follow({ ...options, promptId: given, signal })
    return false
  } finally {
    // The reader of the run stopped early: the server is to stop as well.
    if (end === null) await stop({ server, promptId: given })
    done.abort()
  }
}

/** Older servers name a prompt themselves. */
function idIn({ json }: UpstreamResponse, promptId: string): string {
  const id = isObject(json) ? json.prompt_id : null
  return typeof id === 'string' && /^[\w.:-]{1,100}$/.test(id) ? id : promptId
}

function* refused(
  { status, json, text }: UpstreamResponse,
  { note, source, server }: Submitting,
): Generator<Occurrence> {
  yield* note(`${server.url} answered ${status}${status === 400 ? '' : `: ${text.slice(0, 500)}`}`)
  const error =
    status === 400
      ? refusalSentence(json, source)
      : status === 413
        ? 'The input is too large for its server.'
        : `Its server did not accept the run (${status}).`
  yield { type: 'failed', error }
}

/** The `remote` of a run: the address of its server, and the id of its prompt there. */
export function remoteOf(url: string, promptId: string): string {
  return `${url}#${promptId}`
}

function asError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  throw error
}
