import { Select } from './choice-field.tsx'
import { type ControlProps, controlAttributes, controlName, shownText } from './control.ts'

/** Yes or no; where it may also be left open, a list of three. */
export function BooleanField(props: ControlProps) {
  const { field } = props
  const shown = shownText(field)
  if (shown === '' && !field.property.required) return <Select {...props} />
  return (
    <label class='check'>
      {/* Speaks when the box is not ticked. */}
      <input type='hidden' name={controlName(field)} value='false' />
      <input
        {...controlAttributes(props)}
        type='checkbox'
        value='true'
        checked={shown === 'true'}
      />{' '}
      {field.property.name}
    </label>
  )
}
