import type { Context } from 'hono'
import type { ChosenParts } from '../../providers/provider.ts'

/** More than any page offers. */
const mostParts = 250

/** The parts of a workflow that an operator chose; null before there were any to choose from. */
export function chosenParts(c: Context): ChosenParts | null {
  const fields = c.get('formFields')
  const lists = c.get('formLists')
  if (!fields.has('parts')) return null
  const textOf = (name: string) => fields.get(name)?.trim() ?? ''
  const ids = new Set(lists.get('input')?.slice(0, mostParts))
  const placed = [...ids].map((id) => ({ id, place: numberIn(textOf(`place-${id}`)) ?? mostParts }))
  return {
    inputs: placed
      .sort((a, b) => a.place - b.place)
      .map(({ id }) => ({
        id,
        name: textOf(`as-${id}`),
        minimum: numberIn(textOf(`from-${id}`)),
        maximum: numberIn(textOf(`to-${id}`)),
      })),
    outputs: lists.get('output')?.slice(0, mostParts) ?? [],
  }
}

/** Null for no text, NaN for one that is no number. */
function numberIn(text: string): number | null {
  return text === '' ? null : Number(text)
}
