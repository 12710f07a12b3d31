import { optionText } from '../../src/domain/form/fields/choice.ts'
import { shortened } from '../../src/domain/json/excerpt.ts'
import { formatJson, type Json, type JsonObject } from '../../src/domain/json/json.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import type { Property, ValueSchema } from '../../src/domain/schema/value-schema.ts'
import { typeWords } from '../form/field-row.tsx'
import { Breakable } from '../format.tsx'
import { InlineMarkdown } from '../markdown.tsx'
import { ScrollTable } from '../scroll-table.tsx'

interface SchemaTableProps {
  readonly schema: Pick<ModelSchema, 'input'>
  readonly label?: string
}

/** The inputs of a schema as a table. */
export function SchemaTable({ schema, label = 'Inputs' }: SchemaTableProps) {
  if (schema.input.length === 0) return <p class='field-note'>No inputs.</p>
  return (
    <ScrollTable label={label} columns={['Name', 'Type', 'Default', 'Description']}>
      {schema.input.map((property) => (
        <InputRow property={property} />
      ))}
    </ScrollTable>
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
      <td>{valueWords(schema)}</td>
      <td class='mono'>{required ? 'required' : fallback !== undefined && shortText(fallback)}</td>
      <td>{description !== undefined && <InlineMarkdown text={description} />}</td>
    </tr>
  )
}

/** The type of an output; of an object, the properties as a table, too. */
export function OutputWords({ output }: { output: ValueSchema }) {
  const { properties = [], iterator, concatenate, description } = output
  return (
    <>
      <p>
        {concatenate ? 'Text, streamed' : valueWords(output)}
        {iterator && !concatenate && ', streamed item by item'}
        {description !== undefined && (
          <>
            . <InlineMarkdown text={description} />
          </>
        )}
      </p>
      {properties.length > 0 && <SchemaTable schema={{ input: properties }} label='Output' />}
    </>
  )
}

/** Schemas as JSON, collapsed. */
export function RawSchemas({ schemas }: { schemas: JsonObject }) {
  return (
    <details class='more'>
      <summary>Schemas as JSON</summary>
      <figure class='snippet'>
        <header>
          <span class='mono'>components.schemas</span>
          <button class='button bare' type='button' data-copies='schemas'>
            Copy
          </button>
        </header>
        <pre id='schemas' tabindex={0} role='region' aria-label='Schemas as JSON'>
          {formatJson(schemas, 2)}
        </pre>
      </figure>
    </details>
  )
}

const mostOptions = 5

export function valueWords(schema: ValueSchema): string {
  const { enum: options = [] } = schema
  if (options.length === 0) return typeWords(schema)
  return options.length > mostOptions
    ? `${options.length} choices`
    : options.map(optionText).join(', ')
}

const longestDefault = 60

export function shortText(json: Json): string {
  return shortened(optionText(json), longestDefault)
}
