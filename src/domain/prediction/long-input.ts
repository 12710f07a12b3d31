import type { Json } from '../json/json.ts'
import { jsonLength } from '../json/walk.ts'

/** In UTF-16 units of JSON. */
const longUnits = 2 ** 20

/** Whether to write an input as JSON takes a noticeable time: other work goes on between its steps. */
export function isLongInput(input: Json): boolean {
  return jsonLength(input, longUnits) > longUnits
}
