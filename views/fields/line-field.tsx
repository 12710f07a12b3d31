import { type ControlProps, controlAttributes, shownText } from './control.ts'
import { isGivenEmpty, textPlaceholder, UnsetMark } from './text-field.tsx'

/** A short text. */
export function LineField(props: ControlProps) {
  const { property } = props.field
  return (
    <>
      <UnsetMark {...props} />
      <input
        {...controlAttributes(props)}
        dir='auto'
        type='text'
        value={shownText(props.field)}
        maxlength={property.schema.maxLength}
        required={property.required && !isGivenEmpty(props.field)}
        placeholder={textPlaceholder(props)}
      />
    </>
  )
}
