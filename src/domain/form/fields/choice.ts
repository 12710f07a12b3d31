import { shortened } from '../../json/excerpt.ts'
import { formatJson, type Json, sameJson } from '../../json/json.ts'
import type { Property } from '../../schema/value-schema.ts'
import {
  blank,
  type Entry,
  type FieldType,
  lastText,
  plainField,
  type Reading,
  readAs,
  wrong,
} from './field-type.ts'

/** Above this number, an option is found by typing. */
const mostListed = 15

/** One of a list of values: radio buttons when few and short, a list, or a box that filters one. */
export const choiceType: FieldType<'choice'> = {
  ...plainField,
  kind: 'choice',
  matches: ({ schema }) => schema.enum !== undefined && schema.enum.length > 0,
  show: (json, property) => {
    const option = optionsOf(property).find((candidate) => means(candidate, json))
    return option === undefined ? null : [optionText(option)]
  },
  holds: (typed, property) =>
    lastText(typed) === '' || isTyped(property) || find(lastText(typed), property) !== undefined,
  read: readChoice,
  // Every offered option is valid: a default may be outside its own schema.
  judgedBySchema: false,
}

/** The values to choose from, without repeats; a default outside the list is offered too. */
export function optionsOf({ schema }: Property): readonly Json[] {
  const listed = schema.enum ?? (schema.type === 'boolean' ? [true, false] : [])
  const all = schema.default === undefined ? listed : [...listed, schema.default]
  const seen = new Set<string>()
  return all.filter((option) => !seen.has(optionText(option)) && seen.add(optionText(option)))
}

/** Whether there are so many options that one is found by typing. */
export function isTyped(property: Property): boolean {
  return optionsOf(property).length > mostListed
}

export function optionText(option: Json): string {
  return typeof option === 'string' ? option : formatJson(option)
}

function readChoice(entries: readonly Entry[], property: Property): Reading {
  const typed = lastText(entries)
  const option = find(typed, property)
  if (option !== undefined) return readAs(option)
  return typed === '' ? blank(property) : wrong(`“${shortened(typed)}” is not one of the choices.`)
}

function find(typed: string, property: Property): Json | undefined {
  return optionsOf(property).find((option) => optionText(option) === typed)
}

/** `1` and `"1"` are the same choice while only one of them is listed. */
function means(option: Json, json: Json): boolean {
  return sameJson(option, json) || (typeof json !== 'object' && optionText(option) === String(json))
}
