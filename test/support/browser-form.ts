import { optionsOf, optionText } from '../../src/domain/fields/choice.ts'
import type { Entry } from '../../src/domain/fields/field-type.ts'
import { fileUri } from '../../src/domain/file.ts'
import type { Field, Form, Submission } from '../../src/domain/form.ts'
import type { Property } from '../../src/domain/schema.ts'

/** What a browser sends for a form whose controls show this, when nothing in it is touched. */
export function sentByBrowser(form: Form): Submission {
  return new Map(form.fields.map((field) => [field.property.name, sentFor(field)]))
}

function sentFor({ kind, property, shown }: Field): readonly Entry[] {
  const texts = shown.map((entry) => (typeof entry === 'string' ? entry : fileUri(entry)))
  const text = texts[0] ?? ''
  switch (kind) {
    case 'boolean':
      return text === 'true' ? ['false', 'true'] : ['false']
    case 'file':
      return texts.length > 0 ? texts : ['']
    // A text box has one line; a browser takes the line ends out of its value.
    case 'line':
    case 'number':
    case 'range':
      return [text.replace(/[\r\n]/g, '')]
    // A list that has no blank line starts at its first.
    case 'choice':
      return [shown.length === 0 && hasNoBlank(property) ? firstOption(property) : text]
    default:
      return [text.replace(/\r\n?|\n/g, '\r\n')]
  }
}

function hasNoBlank({ required, schema }: Property): boolean {
  return !required && schema.default !== undefined
}

function firstOption(property: Property): string {
  const [first] = optionsOf(property)
  return first === undefined ? '' : optionText(first)
}
