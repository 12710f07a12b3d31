import { type ControlProps, controlAttributes, placeholder, shownText } from './control.ts'

/** A number of any size. */
export function NumberField(props: ControlProps) {
  const { property } = props.field
  const { schema } = property
  return (
    <input
      {...controlAttributes(props)}
      type='number'
      value={shownText(props.field)}
      min={schema.minimum}
      max={schema.maximum}
      step={schema.type === 'integer' ? 1 : 'any'}
      required={property.required}
      placeholder={property.name === 'seed' ? 'random' : placeholder(props.field)}
    />
  )
}
