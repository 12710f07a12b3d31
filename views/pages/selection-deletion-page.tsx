import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

interface SelectionDeletionPageProps {
  /** The ids of those that will be deleted. */
  readonly ids: readonly string[]
  /** How many selected ones the viewer may not delete, or are gone. */
  readonly left: number
}

/** Asks before several predictions are deleted. */
export function SelectionDeletionPage({ ids, left }: SelectionDeletionPageProps) {
  const paths = usePaths()
  const none = ids.length === 0
  return (
    <Layout title='Delete predictions' current='predictions'>
      <header class='page-head'>
        <h1>
          {none ? 'None of these can be deleted' : `Delete ${plural(ids.length, 'prediction')}?`}
        </h1>
        <p class='lede'>
          {!none &&
            'Their pages, logs and links to their files will be deleted for everyone. This cannot be undone. '}
          {left > 0 && `${plural(left, 'selected prediction')} will be kept: ${kept}`}
        </p>
        <form class='actions' method='post' action={paths.selectedDeletion()}>
          {ids.map((id) => (
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

const kept = 'only the person who created a prediction, or an operator, can delete it.'
