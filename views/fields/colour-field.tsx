import { type ControlProps, controlAttributes, controlName, shownText } from './control.ts'

/** A colour, and a box for none: the control itself always has one. */
export function ColourField(props: ControlProps) {
  const { field, label } = props
  const { name, required, schema } = field.property
  const shown = shownText(field)
  const control = <input {...controlAttributes(props)} type='color' value={shown || '#000000'} />
  const mayBeUnset = !required && (schema.default === undefined || shown === '')
  // A row of a list is removed instead.
  if (!mayBeUnset || label !== undefined) return control
  return (
    <div class='with-button'>
      {control}
      <label class='check'>
        <input
          type='checkbox'
          name={controlName(field)}
          value=''
          checked={shown === ''}
          aria-label={`${name} not set`}
        />{' '}
        not set
      </label>
    </div>
  )
}
