import { raw } from 'hono/html'
import { type ControlProps, controlAttributes, shownText } from './control.ts'

/** Any text: grows with what is typed. */
export function TextField(props: ControlProps) {
  const { field } = props
  const text = shownText(field)
  return (
    <textarea
      {...controlAttributes(props)}
      rows={rowsFor(text)}
      required={field.property.required}
      placeholder={placeholder(props)}
    >
      {leadingNewline(text)}
      {text}
    </textarea>
  )
}

/** An HTML parser drops a newline right after the tag: one more keeps the text's own. */
export function leadingNewline(text: string) {
  return text.startsWith('\n') ? raw('\n') : ''
}

export function placeholder({ field }: ControlProps): string | undefined {
  return field.property.required || field.property.schema.default !== undefined
    ? undefined
    : 'not set'
}

function rowsFor(text: string): number {
  return Math.min(12, Math.max(2, text.split('\n').length, Math.ceil(text.length / 60)))
}
