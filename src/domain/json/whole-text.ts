/** The first half of a character of two UTF-16 units, if a text ends in one; else nothing. */
export function halfAtEnd(text: string): string {
  const unit = text.charCodeAt(text.length - 1)
  return unit >= 0xd800 && unit <= 0xdbff ? text.slice(-1) : ''
}

/** A text without such a half: the rest of the character is to come. */
export function withoutHalf(text: string): string {
  return halfAtEnd(text) === '' ? text : text.slice(0, -1)
}

/** The first units of a text, one fewer where that would part the halves of a character. */
export function beginning(text: string, units: number): string {
  return text.length <= units ? text : withoutHalf(text.slice(0, units))
}
