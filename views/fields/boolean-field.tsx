import { type ControlProps, controlAttributes, controlName, shownText } from './control.ts'

/** Yes or no. The hidden `false` speaks when the box is not ticked. */
export function BooleanField(props: ControlProps) {
  const ticked = shownText(props.field) === 'true'
  return (
    <label class='check'>
      <input type='hidden' name={controlName(props.field)} value='false' />
      <input {...controlAttributes(props)} type='checkbox' value='true' checked={ticked} />{' '}
      {props.field.property.name}
    </label>
  )
}
