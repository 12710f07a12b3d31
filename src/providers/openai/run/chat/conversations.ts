import { isList } from '../../../../domain/json/json.ts'
import { objectIn } from '../../../../domain/json/parts.ts'
import type { RequestHeaders, StreamingResponse } from '../../../upstream/client.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import { authorization } from '../../servers/identify.ts'
import type { Server } from '../../servers/server.ts'
import type { ServerRunOptions } from '../options.ts'
import type { Slot } from '../place.ts'

/** A stream that llama.cpp keeps, so that it goes on and can be read again without its client. */
export interface Conversation {
  /** What the server calls it. */
  readonly id: string
  /** What the run is kept under: the server and the id. */
  readonly remote: string
  readonly headers: RequestHeaders
  /** Stops the work. Never rejects. */
  stop(): Promise<void>
}

export function createConversations({ run, client }: Pick<ServerRunOptions, 'run' | 'client'>) {
  /** A stream at a server. */
  function at(server: Server, id: string): Conversation {
    const url = `${server.base}/v1/stream?conv_id=${encodeURIComponent(id)}`
    return {
      id,
      remote: `${server.base}#${id}`,
      headers: { 'X-Conversation-Id': id },
      async stop() {
        await client.delete(url, authorization(server.key())).catch((error) => {
          if (!(error instanceof RequestError)) throw error
        })
      },
    }
  }

  return {
    at,
    /** The stream of this attempt in a slot; null where the server keeps none. */
    open({ server, serving }: Slot): Conversation | null {
      return serving.resumes ? at(server, `sandpit-${run.id}-${run.attempt}`) : null
    },
  }
}

/** A kept stream from a byte on; null when the server does not keep it, or not from there. */
export async function openStream(
  server: Server,
  id: string,
  from: number,
  { client }: Pick<ServerRunOptions, 'client'>,
  signal: AbortSignal,
): Promise<StreamingResponse | null> {
  const headers = authorization(server.key())
  try {
    const body = JSON.stringify({ conversation_ids: [id] })
    const looked = await client.post(`${server.base}/v1/streams/lookup`, body, headers)
    const isKept =
      isList(looked.json) && looked.json.some((one) => objectIn(one).conversation_id === id)
    if (!isKept) return null
    const url = `${server.base}/v1/stream?conv_id=${encodeURIComponent(id)}&from=${from}`
    const response = await client.send(url, { method: 'GET', headers, signal })
    return response.status === 200 ? response : null
  } catch (error) {
    if (signal.aborted || !(error instanceof RequestError)) throw error
    return null
  }
}
