import { isList, isObject, type Json } from '../../domain/json/json.ts'

/**
 * The parts of a JSON document that are read: all of it, or the members with these names. `*` stands for
 * each item of a list, and for each member that is not named; in a list, a number stands for its position.
 */
export type Selection = 'all' | { readonly [name: string]: Selection }

/** The selected parts of a document, where they are. What is no object or list stays as it is. */
export function selected(json: Json, selection: Selection): Json {
  if (selection === 'all') return json
  const each = selection['*']
  if (isList(json)) {
    if (each) return json.map((item) => selected(item, each))
    return Object.entries(selection).map(([at, own]) => selected(json[Number(at)] ?? null, own))
  }
  if (!isObject(json)) return json
  const names = each ? Object.keys(json) : Object.keys(selection)
  return Object.fromEntries(
    names.flatMap((name) => {
      const own = Object.hasOwn(selection, name) ? selection[name] : each
      const value = Object.hasOwn(json, name) ? json[name] : undefined
      return own && value !== undefined ? [[name, selected(value, own)] as const] : []
    }),
  )
}
