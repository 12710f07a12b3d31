import { type ControlProps, controlAttributes, shownText } from './control.ts'
import { leadingNewline } from './text-field.tsx'

/** Anything that has no control of its own, written as JSON. */
export function JsonField(props: ControlProps) {
  const text = shownText(props.field)
  return (
    <textarea
      {...controlAttributes(props)}
      class='json'
      rows={Math.min(16, Math.max(3, text.split('\n').length))}
      spellcheck={false}
      required={props.field.property.required}
      placeholder='not set'
    >
      {leadingNewline(text)}
      {text}
    </textarea>
  )
}
