import { type ControlProps, controlAttributes, placeholder, shownText } from './control.ts'
import { SameSeed } from './same-seed.tsx'

/** A number of any size. */
export function NumberField(props: ControlProps) {
  const { property } = props.field
  const { schema } = property
  const isSeed = property.name === 'seed'
  const input = (
    <input
      {...controlAttributes(props)}
      type='number'
      value={shownText(props.field)}
      min={schema.minimum}
      max={schema.maximum}
      step={schema.type === 'integer' ? 1 : 'any'}
      required={property.required}
      placeholder={isSeed ? 'random' : placeholder(props.field)}
    />
  )
  if (!isSeed) return input
  return (
    <div class='with-button'>
      {input}
      <SameSeed current={shownText(props.field)} />
    </div>
  )
}
