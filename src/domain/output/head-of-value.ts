import { isList, type Json } from '../json/json.ts'
import { jsonLength } from '../json/size.ts'
import { wholeCharacters } from './pieces.ts'

/** The most of an output that pages show. */
const mostHeadUnits = 96 * 1024
const mostTailUnits = 64 * 1024

/** Longer strings within an excerpt are cut. */
const mostTextUnits = 64 * 1024

/** The beginning of a value, about `units` of JSON long: strings, lists and objects are cut. */
export function headOfValue(value: Json, units = mostHeadUnits): Json {
  const budget = { left: units }
  return cut(value, budget)
}

function cut(value: Json, budget: { left: number }): Json {
  budget.left -= 2
  if (typeof value === 'string') return cutText(value, budget)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) {
    const items: Json[] = []
    for (const item of value) {
      if (budget.left <= 0) break
      items.push(cut(item, budget))
    }
    return items
  }
  const members: [string, Json][] = []
  // Not `Object.entries`: there may be a hundred thousand of them.
  for (const name in value) {
    if (budget.left <= 0) break
    budget.left -= name.length + 3
    members.push([name, cut(value[name] ?? null, budget)])
  }
  return Object.fromEntries(members)
}

function cutText(text: string, budget: { left: number }): string {
  const most = Math.max(1, Math.min(mostTextUnits, budget.left))
  budget.left -= text.length
  return text.length <= most ? text : wholeCharacters(text.slice(0, most))
}

/** The last items that pages show; when the last is too long, its end. */
export function tailOfList(items: readonly Json[]): Json[] {
  const tail: Json[] = []
  let left = mostTailUnits
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] ?? null
    left -= jsonLength(item, mostTailUnits)
    if (left < 0) break
    tail.unshift(item)
  }
  const last = items.at(-1)
  if (tail.length > 0 || typeof last !== 'string') return tail
  return [last.slice(-mostTailUnits).replace(/^[\udc00-\udfff]/, '')]
}
