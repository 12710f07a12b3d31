import { fileUri } from '../../src/domain/file/file.ts'
import type { Entry } from '../../src/domain/form/fields/field-type.ts'
import { hasDefaultText } from '../../src/domain/form/fields/text.ts'
import type { Field, Form, Submission } from '../../src/domain/form/form.ts'

/** The entries sent for a form with these controls, untouched. */
export function defaultSubmission(form: Form): Submission {
  return new Map(form.fields.map((field) => [field.property.name, sentFor(field)]))
}

function sentFor({ kind, property, shown }: Field): readonly Entry[] {
  const texts = shown.map((entry) => (typeof entry === 'string' ? entry : fileUri(entry)))
  const text = texts[0]
  switch (kind) {
    // A box that is not ticked sends its hidden "false"; one that may be left open is a list.
    case 'boolean':
      if (!text) return property.required ? ['false'] : ['']
      return text === 'true' ? ['false', 'true'] : ['false']
    case 'rows':
      return texts.map(withBrowserLines)
    case 'file':
      return texts.length > 0 ? texts : ['']
    // A text that is not set is told from an empty one by being sent twice.
    case 'text':
    case 'line':
      if (text === undefined) return hasDefaultText(property) ? ['', ''] : ['']
      return [kind === 'text' ? withBrowserLines(text) : withoutLines(text)]
    case 'number':
    case 'range':
      return [withoutLines(text ?? '')]
    default:
      return [withBrowserLines(text ?? '')]
  }
}

function withBrowserLines(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}

/** A text box has one line: a browser takes the line ends out of its value. */
function withoutLines(text: string): string {
  return text.replace(/[\r\n]/g, '')
}
