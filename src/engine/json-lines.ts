import type { Json } from '../domain/json/json.ts'
import { EngineError } from './engine-error.ts'

/** A line of an engine is some hundred bytes; one with all attributes of a container a few thousand. */
const mostUnits = 2 ** 16

/** The JSON values of a stream that has one on each line. A line that is no JSON is left out. */
export async function* jsonLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Json> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true })
    // Split once a line has ended: with each of its pieces, that would take quadratic time.
    const lines = text.includes('\n') ? (rest + text).split('\n') : []
    rest = lines.pop() ?? rest + text
    if (rest.length > mostUnits) throw new EngineError('a line of the engine is too long', 200)
    for (const line of lines) yield* valueIn(line)
  }
  yield* valueIn(rest)
}

function* valueIn(line: string): Generator<Json> {
  if (line.trim() === '' || line.length > mostUnits) return
  let value: Json
  try {
    value = JSON.parse(line)
  } catch {
    return
  }
  yield value
}
