import { beginning } from '../domain/json/whole-text.ts'
import type { Occurrence } from '../domain/prediction/event.ts'

/**
 * Reports what a run prints by its position, up to `most` UTF-16 units in all: the rest is not kept,
 * and the log says so. `known` is how much of it was reported before.
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
