import type { ReadableStream } from 'node:stream/web'
import { NotFetched, told } from './not-fetched.ts'

/** So much of an answer to a post is read, so that its connection serves the next one. */
const answerBytes = 16 * 1024
const answerBodyMs = 2_000

/** A body up to its limit; rejects with `NotFetched`. */
export async function* limited(body: AsyncIterable<Uint8Array>, maxBytes: number) {
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > maxBytes) throw new NotFetched('too large')
      yield chunk
    }
  } catch (error) {
    throw told(error)
  }
}

/** Reads what little there is, and cuts off what is more: nobody waits for it. */
export async function letGo(body: ReadableStream): Promise<void> {
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
    // What was said is known, however the connection ends.
  } finally {
    clearTimeout(timer)
  }
}
