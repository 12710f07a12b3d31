import { mostLevels } from '../../json/bounds.ts'
import { formatJson, parseRequest } from '../../json/json.ts'
import { jsonErrorSentence } from '../../json/json-error.ts'
import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
  readAs,
  wrong,
} from './field-type.ts'

/** Any other input: a text area for JSON, so that every input has a control. */
export const jsonType: FieldType<'json'> = {
  ...plainField,
  kind: 'json',
  matches: () => true,
  show: (shown) => [formatJson(shown, 2)],
  holds: () => true,
  read: readJson,
  fitsInRow: false,
  takesText: () => true,
  refersToFiles: true,
  readsJson: true,
}

function readJson(entries: readonly Entry[], property: Property): Reading {
  const typed = lastText(entries)
  if (typed.trim() === '') return blank(property)
  try {
    // The input around it adds a level.
    return readAs(parseRequest(typed, mostLevels - 1))
  } catch (error) {
    return wrong(jsonErrorSentence(typed, error))
  }
}
