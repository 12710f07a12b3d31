import { optionsOf, optionText } from '../../src/domain/fields/choice.ts'
import type { Field } from '../../src/domain/form.ts'
import { type ControlProps, controlAttributes, controlName, shownText } from './control.ts'

const mostRadios = 4
const longestRow = 36

/** One of a few: radio buttons when they fit in a row, else a list. */
export function ChoiceField(props: ControlProps) {
  return fitsInARow(props.field) ? <Radios {...props} /> : <Select {...props} />
}

/** Whether the field is a group of controls, which a `<label>` cannot name. */
export function fitsInARow({ property }: Field): boolean {
  const options = optionsOf(property).map(optionText)
  const units = options.join('').length + options.length * 3
  return options.length <= mostRadios && units <= longestRow && !mayBeUnset(property)
}

function Radios(props: ControlProps) {
  const { field, id, describedBy } = props
  return (
    <div class='switch choices'>
      {optionsOf(field.property).map((option, index) => (
        <label>
          <input
            type='radio'
            id={index === 0 ? id : undefined}
            name={controlName(field)}
            value={optionText(option)}
            checked={optionText(option) === shownText(field)}
            required={field.property.required}
            aria-describedby={describedBy}
          />
          {optionText(option)}
        </label>
      ))}
    </div>
  )
}

function Select(props: ControlProps) {
  const { property } = props.field
  const shown = shownText(props.field)
  return (
    <select {...controlAttributes(props)} required={property.required}>
      {(mayBeUnset(property) || property.required) && (
        <option value=''>{property.required ? 'Choose…' : 'not set'}</option>
      )}
      {optionsOf(property).map((option) => (
        <option value={optionText(option)} selected={optionText(option) === shown}>
          {optionText(option)}
        </option>
      ))}
    </select>
  )
}

function mayBeUnset(property: Field['property']): boolean {
  return !property.required && property.schema.default === undefined
}
