/**
 * PostgreSQL keeps no NUL in texts, so it is written as an escape. The first character of an escape is a
 * noncharacter of Unicode, which is escaped, too.
 * @module
 */

const first = '\ufdd0'
const nul = `${first}0`
const itself = `${first}1`

/** A parameter of a statement, as PostgreSQL takes it. */
export function writeText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writeText)
  if (typeof value !== 'string') return value
  return value.includes('\0') || value.includes(first)
    ? value.replace(/[\0\ufdd0]/g, (character) => (character === '\0' ? nul : itself))
    : value
}

/** A text as it was given to `writeText`. */
export function readText(text: string): string {
  return text.includes(first)
    ? text.replace(/\ufdd0[01]/g, (pair) => (pair === nul ? '\0' : first))
    : text
}
