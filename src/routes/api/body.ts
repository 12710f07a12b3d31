import type { Context } from 'hono'
import { JsonPastBounds } from '../../domain/json/bounds.ts'
import { type Json, parseRequest } from '../../domain/json/json.ts'
import { someValue } from '../../domain/json/walk.ts'
import { invalid, type Problem } from './problem.ts'

/** A body may hold files as data URIs; Replicate’s client sends 10 MB of them. */
export const mostBodyBytes = 16 * 2 ** 20

/** Of a body that is too large, at most this is read and dropped. */
const mostPassedBytes = 256 * 2 ** 20

/** No input of a model nests deeper. */
const deepest = 256

export type BodyReading =
  | { readonly ok: true; readonly json: Json }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Reads a JSON body within bounds of size and depth. `c.req.json()` has none, and rounds long
 * integers.
 */
export async function readJsonBody(c: Context): Promise<BodyReading> {
  if (!isJsonType(c.req.header('Content-Type')))
    return refused(415, 'The body must be JSON: send it with Content-Type: application/json.')
  const text = await readBodyText(c, mostBodyBytes)
  if (text === null)
    return refused(
      413,
      `The body can be at most ${mostBodyBytes / 2 ** 20} MB. Upload large files to /v1/files.`,
    )
  try {
    const json = parseRequest(text)
    if (someValue(json, (_value, level) => level > deepest))
      return refused(400, 'The body is nested too deeply.')
    return { ok: true, json }
  } catch (error) {
    if (error instanceof JsonPastBounds) return { ok: false, problem: pastBounds(error) }
    return refused(400, text.trim() === '' ? 'The body is empty.' : 'The body is not valid JSON.')
  }
}

/**
 * The body as text; null when it has more than `most` bytes. The rest of it is read and dropped:
 * clients read the answer once they have sent everything.
 */
export async function readBodyText(c: Context, most: number): Promise<string | null> {
  const length = c.req.header('Content-Length')
  // Node reads no more than Content-Length says.
  if (length !== undefined && Number(length) <= most) return c.req.text()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength
    if (size <= most) chunks.push(chunk)
    else if (size > mostPassedBytes) break
  }
  return size > most ? null : Buffer.concat(chunks).toString()
}

function isJsonType(type = ''): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)
}

function pastBounds({ bound, path, message }: JsonPastBounds): Problem {
  if (bound === 'levels') return { status: 400, detail: 'The body is nested too deeply.' }
  if (bound !== 'digits') return { status: 413, detail: message }
  return invalid([{ type: 'invalid', field: path.join('.'), description: message }])
}

function refused(status: 400 | 413 | 415, detail: string): BodyReading {
  return { ok: false, problem: { status, detail } }
}
