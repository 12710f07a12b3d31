import type { Entry, FieldType } from './field-type.ts'
import { textType } from './text.ts'

const lineLength = 120

/** A short string, by its `maxLength`: a single-line text box. */
export const lineType: FieldType<'line'> = {
  ...textType,
  kind: 'line',
  matches: (property) =>
    textType.matches(property) && (property.schema.maxLength ?? Infinity) <= lineLength,
  holds: isOneLine,
}

function isOneLine(typed: readonly Entry[]): boolean {
  return typed.every((entry) => typeof entry === 'string' && !/[\r\n]/.test(entry))
}
