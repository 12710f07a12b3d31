import type { Json, JsonObject } from '../../../domain/json/json.ts'
import { listIn } from '../../../domain/json/parts.ts'

/** More choices than this are not listed, in a description or as an enum. */
const mostChoices = 2_000
const mostExplained = 30

/** One of some choices; with `allow_custom_value` any other text, too. */
export function choiceSchema(base: JsonObject, props: JsonObject): JsonObject {
  const choices = choicesOf(props)
  if (choices.length === 0 || choices.length > mostChoices) return base
  const values = choices.map(({ value }) => value)
  const named = choices.filter(({ label, value }) => label !== String(value))
  const explained =
    named.length > 0 && named.length <= mostExplained
      ? named.map(({ label, value }) => `${value}: ${label}`).join('; ')
      : ''
  if (props.allow_custom_value === true) {
    const some = values.slice(0, mostExplained).join(', ')
    return { ...base, description: `For example ${some}` }
  }
  const description = explained === '' ? {} : { description: explained }
  return { ...typed(values, base), enum: values, ...description }
}

function typed(values: readonly Json[], base: JsonObject): JsonObject {
  return values.every((value) => typeof value === 'string') ? { ...base, type: 'string' } : {}
}

interface Choice {
  readonly label: string
  readonly value: Json
}

/** The choices of a component: pairs of a label and a value, or values alone. */
export function choicesOf({ choices }: JsonObject): readonly Choice[] {
  return listIn(choices).flatMap((one) => {
    const [label = null, value = null] = Array.isArray(one) ? one : [one, one]
    return typeof value === 'string' || typeof value === 'number'
      ? [{ label: String(label), value }]
      : []
  })
}
