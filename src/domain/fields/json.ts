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
  } catch (error) {
    return wrong(`This is not valid JSON${whereIn(typed, error)}.`)
  }
}

/** The engine says where it stopped as a position, as a line, or as "end of input". */
function whereIn(typed: string, error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(message)?.[1]
  const before = typed
    .slice(0, position === undefined ? typed.length : Number(position))
    .split('\n')
  return `: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
