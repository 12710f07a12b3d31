import type { Entry, FieldType } from './field-type.ts'
import { readText, showText, text } from './text.ts'

const lineLength = 120

/** A short string, by its `maxLength`: a single-line text box. */
export const line: FieldType<'line'> = {
  kind: 'line',
  matches: (property) =>
    text.matches(property) && (property.schema.maxLength ?? Infinity) <= lineLength,
  show: showText,
  holds: isOneLine,
  read: readText,
}

function isOneLine(typed: readonly Entry[]): boolean {
  return typed.every((entry) => typeof entry === 'string' && !/[\r\n]/.test(entry))
}
