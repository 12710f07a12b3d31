import type { ListedShare } from '../../src/domain/people/share.ts'
import { ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'
import { whoOpens } from './link-list.tsx'

export interface SharesTableProps {
  readonly shares: readonly (ListedShare & { readonly maker?: string })[]
  /** The address of the next page; null at the end. */
  readonly next: string | null
}

/** The share links that somebody made. */
export function OwnSharesPage(props: SharesTableProps) {
  const paths = usePaths()
  return (
    <Layout title='Your share links' current='account'>
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.account()}>Your account</a>
        </p>
        <h1>Your share links</h1>
      </header>
      <section aria-label='Share links'>
        <SharesTable {...props} />
      </section>
    </Layout>
  )
}

/** All share links, for operators. */
export function AllSharesPage({ rule, ...table }: SharesTableProps & { readonly rule: string }) {
  return (
    <Layout title='Share links' current='settings'>
      <SettingsHead current='shares' />
      <section aria-labelledby='shares'>
        <header class='section-head'>
          <h2 id='shares'>Share links</h2>
          <p>SANDPIT_SHARES is {rule}</p>
        </header>
        <SharesTable {...table} />
      </section>
    </Layout>
  )
}

function SharesTable({ shares, next }: SharesTableProps) {
  const paths = usePaths()
  if (shares.length === 0) return <p class='field-note'>There are no share links that work.</p>
  const hasMakers = shares.some(({ maker }) => maker !== undefined)
  const columns = ['What', ...(hasMakers ? ['Made by'] : []), 'For', 'May', 'Ends', 'Opened']
  return (
    <>
      <ScrollTable label='Share links, table' columns={columns} actions='Actions'>
        {shares.map((share) => (
          <tr>
            <td>
              <a href={paths.shared(share.of)}>
                {share.model ? <ModelName model={share.model} /> : share.title}
              </a>
              <br />
              <span class='field-note'>
                <Moment at={share.createdAt} shows='day' />
              </span>
            </td>
            {hasMakers && <td>{share.maker}</td>}
            <td>{whoOpens(share)}</td>
            <td>{share.scope === 'run' ? 'see, run' : 'see'}</td>
            <td>
              {share.expiresAt === null ? 'never' : <Moment at={share.expiresAt} shows='day' />}
            </td>
            <td>
              <span class='n'>{share.opens}</span>
              {share.openedAt !== null && (
                <>
                  , last <Moment at={share.openedAt} shows='day' />
                </>
              )}
            </td>
            <td>
              <form method='post' action={paths.shareRevocation(share.of, share.id)}>
                <button
                  class='button bare'
                  type='submit'
                  aria-label={`End the link to ${share.of.id}`}
                >
                  End
                </button>
              </form>
            </td>
          </tr>
        ))}
      </ScrollTable>
      {next !== null && (
        <p class='actions'>
          <a class='button' href={next}>
            Older
          </a>
        </p>
      )}
    </>
  )
}
