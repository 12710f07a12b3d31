import type { ValueSchema } from '../../schema/value-schema.ts'
import type { FieldType } from './field-type.ts'
import { numberType } from './number.ts'

/** With more steps, a slider cannot be set precisely. */
const mostSteps = 1000

/** A number between two bounds that a slider can cover: a slider beside the number box. */
export const rangeType: FieldType<'range'> = {
  ...numberType,
  kind: 'range',
  matches: (property) => numberType.matches(property) && hasFewSteps(property.schema),
}

/** The step of the control: 1 for integers, else a round hundredth of the span or finer. */
export function stepOf({ type, multipleOf, minimum, maximum }: ValueSchema): number {
  if (multipleOf !== undefined) return multipleOf
  if (type === 'integer' || minimum === undefined || maximum === undefined) return 1
  return Math.min(1, 10 ** (Math.floor(Math.log10(maximum - minimum)) - 2))
}

function hasFewSteps(schema: ValueSchema): boolean {
  const { minimum, maximum } = schema
  if (minimum === undefined || maximum === undefined || maximum <= minimum) return false
  return (maximum - minimum) / stepOf(schema) <= mostSteps
}
