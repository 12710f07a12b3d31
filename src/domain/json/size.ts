import { mostNames } from './bounds.ts'
import { isList, isObject, type Json } from './json.ts'

/** The surcharge for an object with more names than a request may have, in characters. */
const manyNamesUnits = 2 ** 20

/** The approximate length of a value's JSON text. Counting stops just past `most`. */
export function jsonLength(value: Json, most: number): number {
  return counted(value, most, 0)
}

/** The same with a surcharge for objects with very many names, which take long to parse. */
export function jsonReadCost(value: Json, most: number): number {
  return counted(value, most, manyNamesUnits)
}

function counted(value: Json, most: number, perManyNames: number): number {
  const rest: Json[] = [value]
  let units = 0
  while (rest.length > 0) {
    const next = rest.pop()
    units += typeof next === 'string' || isList(next) ? next.length + 2 : 2
    if (units > most) break
    if (isList(next)) for (const item of next) rest.push(item)
    else if (isObject(next)) {
      const members = Object.entries(next)
      if (members.length > mostNames) units += perManyNames
      for (const [name, item] of members) {
        units += name.length + 3
        rest.push(item)
      }
    }
  }
  return units
}
