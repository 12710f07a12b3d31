import { JsonPastBounds, mostLevels } from '../../json/bounds.ts'
import { parseRequest } from '../../json/parse.ts'
import { blank, type FieldType, lastText, plainField, readAs, wrong } from './field-type.ts'

/** A text that is never shown again once given: it is asked for anew each time. */
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

/** A secret that is no text is written as JSON. What is wrong with it is not shown either. */
function readOther(typed: string) {
  try {
    return readAs(parseRequest(typed, mostLevels - 1))
  } catch (error) {
    return wrong(error instanceof JsonPastBounds ? error.message : 'This is not valid JSON.')
  }
}
