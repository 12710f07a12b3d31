import type { CollectionRecord } from '../../src/domain/model/collection.ts'
import { plural } from '../format.tsx'
import { Layout, Pit } from '../layout.tsx'
import { ScrollTable } from '../scroll-table.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { usePaths } from '../site.ts'
import { CollectionForm, type CollectionFormProps } from './collection-form.tsx'

type FormProps = Omit<CollectionFormProps, 'action'>

interface CollectionsPageProps extends FormProps {
  readonly collections: readonly CollectionRecord[]
}

/** The collections that operators made, and the form for a new one. */
export function CollectionsPage({ collections, ...form }: CollectionsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Collections' current='settings'>
      <SettingsHead current='collections' />
      <section aria-labelledby='collections'>
        <header class='section-head'>
          <h2 id='collections'>{plural(collections.length, 'collection')}</h2>
          {collections.length > 0 && (
            <a class='button' href='#new'>
              New collection
            </a>
          )}
        </header>
        {collections.length === 0 ? (
          <div class='empty'>
            <Pit />
            <p>
              A collection puts models together under a title, in an order. Explore and the API show
              it. Until there is one, they group models by owner.
            </p>
          </div>
        ) : (
          <Table collections={collections} />
        )}
      </section>
      <section aria-labelledby='new'>
        <header class='section-head'>
          <h2 id='new'>New collection</h2>
        </header>
        <CollectionForm {...form} action={paths.collectionSettings()} />
      </section>
    </Layout>
  )
}

function Table({ collections }: Pick<CollectionsPageProps, 'collections'>) {
  const paths = usePaths()
  return (
    <ScrollTable
      label='Collections, table'
      columns={['Title', 'Address', 'Models']}
      actions='Actions'
    >
      {collections.map(({ slug, title, models }) => (
        <tr>
          <td>
            <b dir='auto'>{title}</b>
          </td>
          <td>
            <a class='mono' href={paths.collection(slug)}>
              {paths.collection(slug)}
            </a>
          </td>
          <td>
            <span class='n'>{models.length}</span>
          </td>
          <td>
            <a
              class='button bare'
              href={paths.collectionSetting(slug)}
              aria-label={`Change ${title}`}
            >
              Change
            </a>
          </td>
        </tr>
      ))}
    </ScrollTable>
  )
}

interface CollectionEditPageProps extends FormProps {
  readonly slug: string
}

/** The form of one collection. */
export function CollectionEditPage({ slug, ...form }: CollectionEditPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Change a collection' current='settings'>
      <SettingsHead current='collections' />
      <section aria-labelledby='change'>
        <header class='section-head'>
          <h2 id='change'>Change a collection</h2>
          <a href={paths.collection(slug)}>View</a>
          <a class='button bare' href={paths.collectionDeletion(slug)}>
            Delete
          </a>
        </header>
        <CollectionForm {...form} action={paths.collectionSetting(slug)} />
      </section>
    </Layout>
  )
}
