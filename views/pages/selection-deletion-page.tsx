import type { RunGroup } from '../../src/domain/group/group.ts'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

interface SelectionDeletionPageProps {
  /** The ids of those that will be deleted. */
  readonly ids: readonly string[]
  /** Those groups of runs that will be deleted. */
  readonly groups: readonly RunGroup[]
  /** How many selected ones the viewer may not delete, or are gone. */
  readonly left: number
}

/** Asks before several predictions are deleted. */
export function SelectionDeletionPage({ ids, groups, left }: SelectionDeletionPageProps) {
  const paths = usePaths()
  const none = ids.length + groups.length === 0
  const runs = groups.reduce((sum, { size }) => sum + size, 0)
  const what = [
    ...(ids.length > 0 ? [plural(ids.length, 'prediction')] : []),
    ...(groups.length > 0
      ? [`${plural(groups.length, 'group')} with all of ${runs === 1 ? 'its run' : `${runs} runs`}`]
      : []),
  ].join(' and ')
  return (
    <Layout title='Delete predictions' current='predictions'>
      <header class='page-head'>
        <h1>{none ? 'None of these can be deleted' : `Delete ${what}?`}</h1>
        <p class='lede'>
          {!none &&
            'Their pages, logs and links to their files will be deleted for everyone. This cannot be undone. '}
          {left > 0 && `${left} of the selected will be kept: ${kept}`}
        </p>
        <form class='actions' method='post' action={paths.selectedDeletion()}>
          {[...ids, ...groups.map(({ id }) => id)].map((id) => (
            <input type='hidden' name='id' value={id} />
          ))}
          {!none && (
            <button class='button' type='submit'>
              Delete
            </button>
          )}
          <a class='button bare' href={paths.predictions()}>
            {none ? 'Back to the predictions' : 'Keep all'}
          </a>
        </form>
      </header>
    </Layout>
  )
}

const kept = 'only the person who made something, or an operator, can delete it.'
