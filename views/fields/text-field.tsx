import { raw } from 'hono/html'
import { hasDefaultText } from '../../src/domain/form/fields/text.ts'
import type { Field } from '../../src/domain/form/form.ts'
import {
  type ControlProps,
  controlAttributes,
  controlName,
  placeholder,
  shownText,
} from './control.ts'

/** Any text: grows with what is typed. */
export function TextField(props: ControlProps) {
  const { field } = props
  const text = shownText(field)
  return (
    <>
      <UnsetMark {...props} />
      <textarea
        {...controlAttributes(props)}
        class={isCode(field) ? 'json' : undefined}
        spellcheck={isCode(field) ? false : undefined}
        dir={isCode(field) ? undefined : 'auto'}
        rows={rowsFor(text)}
        required={field.property.required && !isGivenEmpty(field)}
        placeholder={textPlaceholder(props)}
      >
        {leadingNewline(text)}
        {text}
      </textarea>
    </>
  )
}

/** Tells an unset text from an empty one, where they differ. */
export function UnsetMark({ field }: ControlProps) {
  const unset = field.shown.length === 0 && hasDefaultText(field.property)
  if (!unset && !isGivenEmpty(field)) return null
  return <input type='hidden' name={controlName(field)} value='' />
}

/** An HTML parser drops a newline right after the tag: one more keeps the text's own. */
export function leadingNewline(text: string) {
  return text.startsWith('\n') ? raw('\n') : ''
}

/** An empty text is "not set", unless it says it is empty where its default is not. */
export function textPlaceholder({ field }: ControlProps): string | undefined {
  const isEmptyText = field.shown.length > 0 && hasDefaultText(field.property)
  return isEmptyText ? undefined : placeholder(field)
}

function rowsFor(text: string): number {
  return Math.min(12, Math.max(2, text.split('\n').length, Math.ceil(text.length / 60)))
}

/** A required text that is empty in an earlier input, and may stay empty. */
export function isGivenEmpty({ property, shown }: Field): boolean {
  return property.required && shown.length === 1 && shown[0] === ''
}

/** Text that is shown as code, without spell checking. */
function isCode({ property }: Field): boolean {
  return /(?:^|_)(?:code|json|ya?ml|xml|html|css|sql|regex|script|grammar|schema|workflow)(?:_|$)/i.test(
    property.name,
  )
}
