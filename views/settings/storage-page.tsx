import type { StorageUse, Used } from '../../src/domain/file/storage-use.ts'
import { formatBytes, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from './settings-head.tsx'

interface StoragePageProps {
  /** Null while it is being counted. */
  readonly use: StorageUse | null
  /** How long data is kept, in words. */
  readonly retention: string
}

/** What the disk holds, by model and by person. */
export function StoragePage({ use, retention }: StoragePageProps) {
  return (
    <Layout title='Storage' current='settings'>
      <SettingsHead current='storage' />
      {use ? (
        <>
          <section aria-labelledby='by-model'>
            <header class='section-head'>
              <h2 id='by-model'>{formatBytes(use.bytes)} of files</h2>
              <p>
                Counted at <Moment at={use.countedAt} shows='time' />. {retention}
              </p>
            </header>
            <UsedTable label='Files by model, table' column='Model' used={use.models} />
          </section>
          <section aria-labelledby='by-person'>
            <header class='section-head'>
              <h2 id='by-person'>By person</h2>
              <p>Who made the prediction, or uploaded the file</p>
            </header>
            <UsedTable label='Files by person, table' column='Person' used={use.people} />
          </section>
        </>
      ) : (
        <section aria-labelledby='by-model'>
          <h2 id='by-model'>Files are being counted</h2>
          <p>Reload this page in a moment.</p>
        </section>
      )}
    </Layout>
  )
}

interface UsedTableProps {
  readonly label: string
  readonly column: string
  readonly used: readonly Used[]
}

function UsedTable({ label, column, used }: UsedTableProps) {
  if (used.length === 0) return <p class='field-note'>There are no files.</p>
  return (
    <ScrollTable label={label} columns={[column, 'Files', 'Size']}>
      {used.map(({ name, files, bytes }) => (
        <tr>
          <td>{name === '' ? 'nobody' : name}</td>
          <td>
            <span class='n'>{files.toLocaleString('en-GB')}</span>
          </td>
          <td>
            <span class='n'>{formatBytes(bytes)}</span>
          </td>
        </tr>
      ))}
    </ScrollTable>
  )
}
