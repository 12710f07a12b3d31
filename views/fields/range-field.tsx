import { stepOf } from '../../src/domain/form/fields/number.ts'
import { type ControlProps, shownText } from './control.ts'
import { NumberField } from './number-field.tsx'

/**
 * A number between two bounds. The number box is the field; the slider beside it sends nothing,
 * follows the box and moves it by script, and is not shown where there is none.
 */
export function RangeField(props: ControlProps) {
  const { name, schema } = props.field.property
  return (
    <div class='ranged'>
      <input
        type='range'
        min={schema.minimum}
        max={schema.maximum}
        step={stepOf(schema)}
        value={shownText(props.field) || String(schema.minimum)}
        aria-label={`${name}, slider`}
      />
      <NumberField {...props} />
    </div>
  )
}
