import { blank, type FieldType, lastText, value } from './field-type.ts'

/** What stands in for a secret wherever an input is kept or shown. */
export const redacted = '[REDACTED]'

/** A text that is never shown again once given: it is asked for anew each time. */
export const secret: FieldType<'secret'> = {
  kind: 'secret',
  matches: ({ schema }) => schema.secret,
  show: () => [],
  holds: () => true,
  read: (entries, property) => {
    const typed = lastText(entries)
    return typed === '' ? blank(property) : value(typed)
  },
}
