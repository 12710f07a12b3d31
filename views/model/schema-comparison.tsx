import { wordChanges } from '../../src/domain/difference/word-changes.ts'
import { optionText } from '../../src/domain/form/fields/choice.ts'
import { shortened } from '../../src/domain/json/excerpt.ts'
import { isList, type Json, sameJson } from '../../src/domain/json/json.ts'
import type { PartChange, SchemaDifference } from '../../src/domain/schema/change.ts'
import type { ModelSchema } from '../../src/domain/schema/schema.ts'
import { NotThere, Words } from '../difference/words.tsx'
import { Breakable } from '../format.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { shortText, valueWords } from './schema-table.tsx'

interface SchemaComparisonProps {
  readonly before: ModelSchema
  readonly after: ModelSchema
  readonly differences: readonly SchemaDifference[]
}

/** Where two schemas of a model differ, as a table. */
export function SchemaComparison({ before, after, differences }: SchemaComparisonProps) {
  if (differences.length === 0)
    return <p>Same inputs and output. The behaviour of the model may differ.</p>
  return (
    <ScrollTable label='Differences, table' columns={['Input', 'What', 'Before', 'After']}>
      {differences.map((difference) =>
        difference.kind === 'changed' ? (
          difference.parts.map((part) => <PartRow name={difference.name} part={part} />)
        ) : (
          <WholeRow {...difference} schema={difference.kind === 'added' ? after : before} />
        ),
      )}
    </ScrollTable>
  )
}

function NameCell({ name }: Pick<SchemaDifference, 'name'>) {
  if (name === null) return <td>the output</td>
  return (
    <td class='mono'>
      <b>
        <Breakable text={name} />
      </b>
    </td>
  )
}

/** An input that only one of the schemas has. */
function WholeRow({
  name,
  kind,
  schema,
}: Pick<SchemaDifference, 'name' | 'kind'> & { schema: ModelSchema }) {
  const property = schema.input.find((one) => one.name === name)
  const words = property ? describe(property) : ''
  const isNew = kind === 'added'
  return (
    <tr>
      <NameCell name={name} />
      <td>{isNew ? 'new' : 'removed'}</td>
      <td>{isNew ? <NotThere /> : <del>{words}</del>}</td>
      <td>{isNew ? <ins>{words}</ins> : <NotThere />}</td>
    </tr>
  )
}

function describe({ required, schema }: ModelSchema['input'][number]): string {
  const fallback = schema.default === undefined ? '' : `, default ${shortText(schema.default)}`
  return `${valueWords(schema)}${required ? ', required' : fallback}`
}

/** One keyword that differs. */
function PartRow({ name, part }: Pick<SchemaDifference, 'name'> & { part: PartChange }) {
  const { before, after } = part
  const isText = typeof before === 'string' && typeof after === 'string'
  const changes = isText ? wordChanges(before, after) : null
  return (
    <tr>
      <NameCell name={name} />
      <td>
        <code>{part.name}</code>
      </td>
      <td>
        {changes ? <Words changes={changes} without='added' /> : <Value of={before} not={after} />}
      </td>
      <td>
        {changes ? (
          <Words changes={changes} without='removed' />
        ) : (
          <Value of={after} not={before} isNew />
        )}
      </td>
    </tr>
  )
}

interface ValueProps {
  readonly of: Json
  /** The value on the other side. */
  readonly not: Json
  readonly isNew?: boolean
}

const mostItems = 50

/** A value that differs; of a list, the items that the other side lacks. */
function Value({ of, not, isNew = false }: ValueProps) {
  if (of === null) return <NotThere />
  if (!isList(of) || !isList(not)) return <Marked text={optionText(of)} isNew={isNew} />
  return (
    <>
      {of.slice(0, mostItems).map((item, index) => (
        <>
          {index > 0 && ', '}
          {not.some((other) => sameJson(other, item)) ? (
            optionText(item)
          ) : (
            <Marked text={optionText(item)} isNew={isNew} />
          )}
        </>
      ))}
      {of.length > mostItems && `, and ${of.length - mostItems} more`}
    </>
  )
}

const longestValue = 400

function Marked({ text, isNew }: { text: string; isNew: boolean }) {
  const shown = shortened(text, longestValue)
  return isNew ? <ins>{shown}</ins> : <del>{shown}</del>
}
