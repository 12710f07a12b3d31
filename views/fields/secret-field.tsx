import { type ControlProps, controlAttributes, placeholder } from './control.ts'

/** A secret. It is always drawn empty, as secrets are not stored. */
export function SecretField(props: ControlProps) {
  return (
    <input
      {...controlAttributes(props)}
      type='password'
      value=''
      required={props.field.property.required}
      autocomplete='off'
      placeholder={placeholder(props.field)}
    />
  )
}
