import { type ControlProps, controlAttributes, shownText } from './control.ts'
import { placeholder } from './text-field.tsx'

/** A short text. */
export function LineField(props: ControlProps) {
  const { property } = props.field
  return (
    <input
      {...controlAttributes(props)}
      type='text'
      value={shownText(props.field)}
      maxlength={property.schema.maxLength}
      required={property.required}
      placeholder={placeholder(props)}
    />
  )
}
