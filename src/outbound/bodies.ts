import type { ReadableStream } from 'node:stream/web'
import { NotFetched, toNotFetched } from './not-fetched.ts'

/** How much of an answer to a post is read, so that its connection can be reused. */
const answerBytes = 16 * 1024
const answerBodyMs = 2_000

/** The chunks of a body. Rejects with `NotFetched` past `maxBytes`, and when the body breaks off. */
export async function* limited(body: AsyncIterable<Uint8Array>, maxBytes: number) {
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > maxBytes) throw new NotFetched('too large')
      yield chunk
    }
  } catch (error) {
    throw toNotFetched(error)
  }
}

/** Reads a short body to its end, and cancels a long or slow one. Never rejects. */
export async function drain(body: ReadableStream): Promise<void> {
  const reader = body.getReader()
  const timer = setTimeout(() => reader.cancel().catch(() => {}), answerBodyMs)
  try {
    for (let size = 0; size <= answerBytes; ) {
      const { done, value } = await reader.read()
      if (done) return
      size += value.byteLength
    }
    await reader.cancel()
  } catch {
    // The status is known already; the rest of the answer does not matter.
  } finally {
    clearTimeout(timer)
  }
}
