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
