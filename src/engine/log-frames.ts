/** A line that a container wrote. */
export interface LogLine {
  /** Milliseconds since 1970; null where the engine gave no time. */
  readonly at: number | null
  readonly text: string
}

/** Of a line, in bytes: the rest of a longer one is left out. */
const mostBytes = 2 ** 14
const headerBytes = 8

/**
 * The lines of a log as engines send it: frames with a header of 8 bytes, of which the first is the stream and
 * the last four the length. A container with a terminal sends bare text; ours have none.
 */
export async function* logLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<LogLine> {
  const streams = new Map<number, ReturnType<typeof createLines>>()
  let header = Buffer.alloc(0)
  let left = 0
  let lines = linesOf(streams, 1)
  for await (const chunk of body) {
    let at = 0
    while (at < chunk.length) {
      if (left === 0) {
        const part = chunk.subarray(at, at + headerBytes - header.length)
        header = Buffer.concat([header, part])
        at += part.length
        if (header.length < headerBytes) break
        lines = linesOf(streams, header.readUInt8(0))
        left = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const part = chunk.subarray(at, at + left)
      at += part.length
      left -= part.length
      yield* lines.read(part)
    }
  }
  for (const one of streams.values()) yield* one.end()
}

function linesOf(streams: Map<number, ReturnType<typeof createLines>>, stream: number) {
  const lines = streams.get(stream) ?? createLines()
  streams.set(stream, lines)
  return lines
}

/** Cuts bytes into lines. A part of a line waits for the rest. */
function createLines() {
  let kept: Uint8Array[] = []
  let size = 0

  function take(): LogLine {
    const line = lineOf(Buffer.concat(kept).toString('utf8'))
    kept = []
    size = 0
    return line
  }

  function keep(part: Uint8Array): void {
    const own = part.subarray(0, Math.max(0, mostBytes - size))
    // A copy: a few bytes of a line must not keep the whole chunk that they came in.
    if (own.length > 0) kept.push(Uint8Array.from(own))
    size += own.length
  }

  return {
    *read(bytes: Uint8Array): Generator<LogLine> {
      let from = 0
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
        keep(bytes.subarray(from, end))
        from = end + 1
        yield take()
      }
      keep(bytes.subarray(from))
    },
    *end(): Generator<LogLine> {
      if (size > 0) yield take()
    },
  }
}

/** The time that the engine writes before each line: `2026-03-01T10:00:00.123456789Z text`. */
function lineOf(line: string): LogLine {
  const space = line.indexOf(' ')
  const at = space > 0 && space < 40 ? Date.parse(line.slice(0, space)) : Number.NaN
  const text = (Number.isNaN(at) ? line : line.slice(space + 1)).replace(/\r$/, '')
  return { at: Number.isNaN(at) ? null : at, text }
}
