import { beginning } from '../domain/json/excerpt.ts'
import type { Occurrence } from '../domain/prediction/event.ts'

/**
 * Reports log text by position, up to `most` UTF-16 units in all; a last line says that the rest was not
 * saved. `known` is how much was reported before.
 */
export function createBoundedLog(most: number, known = 0) {
  let units = known
  return function* logged(text: string): Generator<Occurrence> {
    if (text === '' || units >= most) return
    const room = most - units
    const kept =
      text.length < room ? text : `${beginning(text, room)}\n… the rest of the logs was not saved\n`
    yield { type: 'logged', offset: units, text: kept }
    units += kept.length
  }
}
