import type {
  ReferenceContent,
  ReferenceRow,
  TypeWords,
} from '../src/domain/snippet/api-reference.ts'
import { Breakable } from './format.tsx'
import { InlineMarkdown } from './markdown.tsx'

interface ContentProps {
  readonly content: ReferenceContent
  readonly label: string
  /** Whether it is part of a request: then required members are marked. */
  readonly asked?: boolean
}

/** The body of a request or response: its members, or its type. */
export function ReferenceContentView({ content, label, asked = false }: ContentProps) {
  const { type, rows, words } = content
  if (rows.length > 0) return <ReferenceTable rows={rows} label={label} asked={asked} />
  return (
    <p class='field-note'>
      <Words words={words} />, as <code>{type}</code>
    </p>
  )
}

type RowsProps = Omit<ContentProps, 'content'> & { readonly rows: readonly ReferenceRow[] }

/** Members or parameters as a table. */
export function ReferenceTable({ rows, label, asked = false }: RowsProps) {
  const explained = rows.some(({ description }) => description !== '')
  return (
    <div class='scroll-x' tabindex={0} role='region' aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope='col'>Name</th>
            <th scope='col'>Type</th>
            {explained && <th scope='col'>Description</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, type, required, description }) => (
            <tr>
              <td class='mono'>
                <b>
                  <Breakable text={name} />
                </b>
              </td>
              <td>
                <Words words={type} />
                {asked && required && (
                  <>
                    {' '}
                    <span class='required'>required</span>
                  </>
                )}
              </td>
              {explained && <td>{description !== '' && <InlineMarkdown text={description} />}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Words({ words: { before, schema, after } }: { words: TypeWords }) {
  return (
    <>
      {before}
      {schema !== null && <a href={`#${schemaAnchor(schema)}`}>{schema}</a>}
      {after}
    </>
  )
}

/** The id of a schema on the page. */
export function schemaAnchor(name: string): string {
  return `schema-${name}`
}
