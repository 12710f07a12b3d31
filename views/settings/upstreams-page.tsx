import { Moment, plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { usePaths } from '../site.ts'
import { SettingsHead } from './settings-head.tsx'
import {
  byWhom,
  type KeptKey,
  RemoveKey,
  type UpstreamLine,
  UpstreamsTable,
} from './upstreams-table.tsx'

interface UpstreamsPageProps {
  readonly lines: readonly UpstreamLine[]
  /** Keys of addresses at which no model runs any more. */
  readonly unused: readonly UnusedKey[]
}

interface UnusedKey extends KeptKey {
  readonly address: string
}

/** The servers that models run at, with their state and their keys. */
export function UpstreamsPage({ lines, unused }: UpstreamsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Upstreams' current='settings'>
      <SettingsHead current='upstreams' />
      <section aria-labelledby='upstreams'>
        <header class='section-head'>
          <h2 id='upstreams'>{plural(lines.length, 'server')}</h2>
          <a class='button' href={paths.newModel()}>
            Add a model
          </a>
        </header>
        {lines.length > 0 ? (
          <UpstreamsTable lines={lines} />
        ) : (
          <div class='empty'>
            <Pit />
            <h2>No servers yet</h2>
            <p>A server is listed here once a model is added by its address.</p>
          </div>
        )}
        <p class='field-note'>
          Keys are kept encrypted, and each is sent to its address alone. They can be replaced,
          never read.
        </p>
      </section>
      {unused.length > 0 && <UnusedKeys keys={unused} />}
    </Layout>
  )
}

function UnusedKeys({ keys }: { readonly keys: readonly UnusedKey[] }) {
  return (
    <section aria-labelledby='unused'>
      <header class='section-head'>
        <h2 id='unused'>Keys that nothing uses</h2>
        <p>No model runs at these addresses any more</p>
      </header>
      <ScrollTable label='Unused keys, table' columns={['Address', 'Given']} actions='Actions'>
        {keys.map(({ address, at, by }) => (
          <tr>
            <td class='mono'>{address}</td>
            <td>
              {byWhom({ by })}, <Moment at={at} shows='day' />
            </td>
            <td>
              <RemoveKey address={address} />
            </td>
          </tr>
        ))}
      </ScrollTable>
    </section>
  )
}
