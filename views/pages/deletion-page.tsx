import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import { ModelName, plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { usePaths } from '../site.ts'

interface DeletionPageProps {
  readonly prediction: Prediction
  /** How many share links end with it. */
  readonly links: number
}

/** Asks before a prediction is deleted. */
export function DeletionPage({ prediction, links }: DeletionPageProps) {
  const paths = usePaths()
  const { id, model, files } = prediction
  return (
    <Layout title='Delete a prediction'>
      <header class='page-head'>
        <h1>Delete this prediction?</h1>
        <p class='lede'>
          {files.length === 0
            ? 'Its page and logs'
            : `Its page, logs and links to its ${plural(files.length, 'file')}`}{' '}
          will be deleted for everyone. This cannot be undone.{endingLinks(links)}
        </p>
        <p class='model-name'>
          <ModelName model={model} />
        </p>
        <form class='actions' method='post' action={paths.deletion(id)}>
          <button class='button' type='submit'>
            Delete
          </button>
          <a class='button bare' href={paths.prediction(id)}>
            Keep prediction
          </a>
        </form>
      </header>
    </Layout>
  )
}

function endingLinks(links: number): string {
  if (links === 0) return ''
  return links === 1 ? ' Its share link ends.' : ` Its ${links} share links end.`
}
