import { createParser } from 'eventsource-parser'
import { type Json, parsePythonJson } from '../../../../domain/json/json.ts'
import { createEventStreamDecoder } from '../../../event-stream-decoder.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import { messageIn } from '../refusal.ts'
import { chunkParts, ollamaParts, type Part } from './parts.ts'

/** Reads the bytes of a stream. */
export interface PartReader {
  /** Throws `RequestError` for a line that is too long. */
  feed(bytes: Uint8Array): readonly Part[]
}

/** Reads server-sent events in OpenAI's form. `most` is the longest event, in UTF-16 units. */
export function createEventReader(most: number): PartReader {
  const decode = createEventStreamDecoder()
  let parts: Part[] = []
  let isTooLong = false
  const parser = createParser({
    maxBufferSize: most,
    onEvent({ event, data }) {
      parts.push(...eventParts(event, data))
    },
    onError({ type }) {
      isTooLong ||= type === 'max-buffer-size-exceeded'
    },
  })
  return {
    feed(bytes) {
      parts = []
      parser.feed(decode(bytes))
      if (isTooLong) throw tooLong()
      return parts
    },
  }
}

function eventParts(event: string | undefined, data: string): readonly Part[] {
  if (data.trim() === '[DONE]') return [{ type: 'finished', reason: 'done' }]
  const json = jsonIn(data)
  if (event !== 'error') return chunkParts(json)
  return [{ type: 'failed', message: messageIn(json) ?? data.trim() }]
}

/** Reads Ollama's lines of JSON. `most` is the longest line, in UTF-16 units. */
export function createLineReader(most: number): PartReader {
  const decoder = new TextDecoder()
  let fragments: string[] = []
  let length = 0
  return {
    feed(bytes) {
      const [first = '', ...others] = decoder.decode(bytes, { stream: true }).split('\n')
      fragments.push(first)
      length += first.length
      if (length > most) throw tooLong()
      if (others.length === 0) return []
      const last = others.pop() ?? ''
      const lines = [fragments.join(''), ...others]
      fragments = [last]
      length = last.length
      return lines.flatMap((line) => ollamaParts(jsonIn(line)))
    },
  }
}

function jsonIn(text: string): Json | undefined {
  try {
    return parsePythonJson(text)
  } catch {
    return undefined
  }
}

function tooLong(): RequestError {
  return new RequestError('it sent a line without an end', true)
}
