import { isTyped, optionsOf, optionText } from '../../src/domain/form/fields/choice.ts'
import type { Field } from '../../src/domain/form/form.ts'
import { type ControlProps, controlAttributes, controlName, shownText } from './control.ts'

const mostRadios = 4
const longestRow = 36

/** One of a few: radio buttons when they fit in a row, else a list, or a box that filters one. */
export function ChoiceField(props: ControlProps) {
  const { field } = props
  if (isTyped(field.property)) return <Filtered {...props} />
  return fitsInARow(field) ? <Radios {...props} /> : <Select {...props} />
}

/** Whether the options are few and short enough for radio buttons. */
export function fitsInARow(field: Field): boolean {
  const options = optionsOf(field.property).map(optionText)
  const units = options.join('').length + options.length * 3
  return options.length <= mostRadios && units <= longestRow && !mayBeUnset(field)
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

/** A list, with a first entry for "not set" where that is possible. */
export function Select(props: ControlProps) {
  const { field } = props
  const { property } = field
  const shown = shownText(field)
  const first = property.required ? 'Choose…' : 'not set'
  return (
    <select {...controlAttributes(props)} required={property.required}>
      {(mayBeUnset(field) || property.required) && <option value=''>{first}</option>}
      {optionsOf(property).map((option) => (
        <option value={optionText(option)} selected={optionText(option) === shown}>
          {optionText(option)}
        </option>
      ))}
    </select>
  )
}

/** A datalist does not restrict the text: it is validated when it is sent. */
function Filtered(props: ControlProps) {
  const { field, id } = props
  const options = optionsOf(field.property).map(optionText)
  return (
    <>
      <input
        {...controlAttributes(props)}
        dir='auto'
        list={`${id}-options`}
        value={shownText(field)}
        required={field.property.required}
        placeholder={`${options.length} choices: type to search`}
        autocomplete='off'
      />
      <datalist id={`${id}-options`}>
        {options.map((option) => (
          <option value={option} />
        ))}
      </datalist>
    </>
  )
}

function mayBeUnset(field: Field): boolean {
  const { required, schema } = field.property
  return !required && (schema.default === undefined || shownText(field) === '')
}
