import { formatJson, parseJson } from '../json.ts'
import type { Property } from '../schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  type Reading,
  value,
  wrong,
} from './field-type.ts'

/** Anything else: a text area for JSON. So no input is without a control. */
export const json: FieldType<'json'> = {
  kind: 'json',
  matches: () => true,
  show: (shown) => [formatJson(shown, 2)],
  holds: () => true,
  read: readJson,
}

function readJson(entries: readonly Entry[], property: Property): Reading {
  const typed = lastText(entries)
  if (typed.trim() === '') return blank(property)
  try {
    return value(parseJson(typed))
  } catch {
    return wrong(`This is not valid JSON: ${placeOfError(typed)}.`)
  }
}

/** Past this many characters, looking for the place takes longer than a person waits. */
const longestSearched = 500_000

/** Line and column of the first character with which the text can no longer become JSON. */
function placeOfError(typed: string): string {
  if (typed.length > longestSearched) return 'its error is too far in to say where'
  let good = 0
  let bad = typed.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (canBecomeJson(typed.slice(0, middle))) good = middle
    else bad = middle
  }
  const before = typed.slice(0, good).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** Whether a text is JSON, or only lacks its end: the engine then complains of nothing before it. */
function canBecomeJson(start: string): boolean {
  try {
    JSON.parse(start)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const position = /at position (\d+)/.exec(message)?.[1]
    return position === undefined
      ? /end of JSON input/.test(message)
      : Number(position) >= start.length
  }
}
