import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import type { Viewer } from '../../domain/people/viewer.ts'
import type { ApiDeps } from '../api/api-deps.ts'
import type { Problem } from '../api/problem.ts'
import type { ApiContext } from '../api/route.ts'

/** A call of a tool: who calls, and how they are told of its progress. */
export interface Call {
  readonly c: ApiContext
  readonly deps: ApiDeps
  readonly viewer: Viewer
  /** Aborted when the client has disconnected. */
  readonly gone: AbortSignal
  /** How long it is waited for a run, in milliseconds. */
  readonly waitMs: number
  /** Tells the client how far it is; null when it did not ask for that. */
  readonly tell: Tell | null
}

export type Tell = (progress: number, message: string, total?: number) => Promise<void>

/** The call that a context of the SDK stands for. */
export function callOf(
  c: ApiContext,
  deps: ApiDeps,
  waitMs: number,
  { mcpReq }: ServerContext,
): Call {
  const progressToken = mcpReq._meta?.progressToken
  return {
    c,
    deps,
    viewer: c.get('viewer'),
    gone: mcpReq.signal,
    waitMs,
    tell:
      progressToken === undefined
        ? null
        : async (progress, message, total) => {
            const params = { progressToken, progress, message, ...(total ? { total } : {}) }
            // Throws once the client has disconnected, which the signal says, too.
            await mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
          },
  }
}

export function textResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] }
}

/** Something is wrong that the assistant can read, and perhaps do otherwise. */
export function errorResult(text: string): CallToolResult {
  return { ...textResult(text), isError: true }
}

/** Why a run was not started. */
export function problemResult({ detail, invalid_fields: fields, retry_after }: Problem) {
  const lines = fields?.map(({ field, description }) => `${nameOf(field)}${description}`)
  const again = retry_after === undefined ? '' : ` Try again in ${retry_after} s.`
  return errorResult(`${lines?.join('\n') ?? detail}${again}`)
}

/** The name of an invalid input, without the word `input` before it. */
function nameOf(field: string): string {
  const [, ...names] = field.split('.')
  return names.length > 0 ? `${names.join('.')}: ` : ''
}
