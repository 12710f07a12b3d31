import { optionText } from '../src/domain/fields/choice.ts'
import type { ModelSchema, Property } from '../src/domain/schema.ts'
import { Breakable } from './breakable.tsx'
import { typeWords } from './field-row.tsx'
import { InlineMarkdown } from './markdown.tsx'

/** What a model asks for, as a table. */
export function SchemaTable({ schema }: { schema: ModelSchema }) {
  if (schema.input.length === 0) return <p class='field-note'>It asks for nothing.</p>
  return (
    <div class='scroll-x' role='region' aria-label='Inputs' tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope='col'>Input</th>
            <th scope='col'>Type</th>
            <th scope='col'>Default</th>
            <th scope='col'>What it is</th>
          </tr>
        </thead>
        <tbody>
          {schema.input.map((property) => (
            <InputRow property={property} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function InputRow({ property: { name, required, schema } }: { property: Property }) {
  const { description, default: fallback } = schema
  return (
    <tr>
      <td class='mono'>
        <b>
          <Breakable text={name} />
        </b>
      </td>
      <td>{typeWords(schema)}</td>
      <td class='mono'>{required ? 'required' : fallback !== undefined && optionText(fallback)}</td>
      <td>{description !== undefined && <InlineMarkdown text={description} />}</td>
    </tr>
  )
}
