/** The bytes of a text in a page: UTF-8, with HTML's escapes written out. */
export function pageBytes(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) bytes += unitBytes(text.charCodeAt(at))
  return bytes
}

/** The longest beginning of a text that takes at most `bytes` of a page. */
export function headOf(text: string, bytes: number): string {
  let left = bytes
  for (let at = 0; at < text.length; at++) {
    left -= unitBytes(text.charCodeAt(at))
    if (left < 0) return text.slice(0, isInsidePair(text, at) ? at - 1 : at)
  }
  return text
}

/** The beginning of a text, for a sentence or a list. */
export function shortened(text: string, units = 80): string {
  if (text.length <= units) return text
  return `${text.slice(0, isInsidePair(text, units - 1) ? units - 2 : units - 1)}…`
}

/** The longest end of a text that takes at most `bytes` of a page. */
export function tailOf(text: string, bytes: number): string {
  let left = bytes
  for (let at = text.length - 1; at >= 0; at--) {
    left -= unitBytes(text.charCodeAt(at))
    if (left < 0) return text.slice(isInsidePair(text, at + 1) ? at + 2 : at + 1)
  }
  return text
}

/** The end of a text in pieces. Only the needed pieces are joined. */
export function tailOfPieces(pieces: readonly string[], bytes: number): string {
  let first = pieces.length
  let units = 0
  while (first > 0 && units <= bytes) units += pieces[--first]?.length ?? 0
  return tailOf(pieces.slice(first).join(''), bytes)
}

function unitBytes(unit: number): number {
  if (unit >= 0x80) return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
  if (unit === 0x22) return 6
  if (unit === 0x26 || unit === 0x27) return 5
  return unit === 0x3c || unit === 0x3e ? 4 : 1
}

/** Whether a cut before this unit would split a surrogate pair. */
function isInsidePair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return at > 0 && unit >= 0xdc00 && unit <= 0xdfff
}

/** The high surrogate at the end of a text; empty when there is none. */
export function halfAtEnd(text: string): string {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xd800 && unit <= 0xdbff ? text.slice(-1) : ''
}

/** A text without the high surrogate at its end. */
export function withoutHalf(text: string): string {
  return halfAtEnd(text) === '' ? text : text.slice(0, -1)
}

/** The first units of a text, one fewer where that would split a surrogate pair. */
export function beginning(text: string, units: number): string {
  return text.length <= units ? text : withoutHalf(text.slice(0, units))
}
