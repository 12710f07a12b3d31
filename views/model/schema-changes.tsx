import type { SchemaChange } from '../../src/domain/schema/change.ts'

/** The differences between a schema and the previous one. */
export function SchemaChanges({ changes }: { changes: readonly SchemaChange[] }) {
  if (changes.length === 0)
    return <p>Same inputs and output as the previous version. Its behaviour may differ.</p>
  const changed = changes.filter(({ kind }) => kind === 'changed')
  return (
    <ul>
      <Names word='New' changes={changes.filter(({ kind }) => kind === 'added')} />
      <Names word='Removed' changes={changes.filter(({ kind }) => kind === 'removed')} />
      {changed.map(({ name, parts }) => (
        <li>
          Changed: {name === null ? 'the output' : <code>{name}</code>} ({parts.join(', ')})
        </li>
      ))}
    </ul>
  )
}

function Names({ word, changes }: { word: string; changes: readonly SchemaChange[] }) {
  if (changes.length === 0) return null
  return (
    <li>
      {word}:{' '}
      {changes.map(({ name }, index) => (
        <>
          {index > 0 && ', '}
          <code>{name}</code>
        </>
      ))}
    </li>
  )
}
