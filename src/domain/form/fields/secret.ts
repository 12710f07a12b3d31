import { JsonPastBounds, mostLevels } from '../../json/bounds.ts'
import { parseRequest } from '../../json/json.ts'
import { blank, type FieldType, lastText, plainField, readAs, wrong } from './field-type.ts'

/** A secret: it is never shown again, and has to be entered each time. */
export const secretType: FieldType<'secret'> = {
  ...plainField,
  kind: 'secret',
  matches: ({ schema }) => schema.secret,
  show: () => [],
  holds: () => true,
  showAgain: () => [],
  fitsInRow: false,
  read: (entries, property) => {
    const typed = lastText(entries)
    const { type = 'string' } = property.schema
    if (typed === '') return blank(property)
    return type === 'string' ? readAs(typed) : readOther(typed)
  },
}

/** A secret that is not a string is typed as JSON. Its errors do not quote it. */
function readOther(typed: string) {
  try {
    return readAs(parseRequest(typed, mostLevels - 1))
  } catch (error) {
    return wrong(error instanceof JsonPastBounds ? error.message : 'This is not valid JSON.')
  }
}
