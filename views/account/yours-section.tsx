import type { Retention } from '../../src/domain/prediction/retention.ts'
import { formatBytes, plural } from '../format.tsx'
import { usePaths } from '../site.ts'

/** What somebody made. */
export interface MadeCounts {
  readonly predictions: number
  /** Of those predictions. */
  readonly files: number
  readonly bytes: number
  /** False when they made more predictions than were counted. */
  readonly isWhole: boolean
}

interface YoursSectionProps {
  readonly isKnown: boolean
  readonly retention: Retention
  readonly yours: MadeCounts | null
}

/** What one made, how long it is kept, and how to take or delete it. */
export function YoursSection({ isKnown, retention, yours }: YoursSectionProps) {
  const paths = usePaths()
  return (
    <section aria-labelledby='yours'>
      <header class='section-head'>
        <h2 id='yours'>What is yours</h2>
      </header>
      <dl class='given'>
        <div>
          <dt>Predictions</dt>
          <dd>
            <a href={`${paths.predictions()}?who=me`}>
              {isKnown ? 'Those that you made' : 'Those that were made in this browser'}
            </a>
            {yours && `: ${madeSentence(yours)}`}
            <form method='post' action={paths.accountExport()}>
              <button class='button bare' type='submit'>
                Download all
              </button>
            </form>
          </dd>
        </div>
        <div>
          <dt>Shares</dt>
          <dd>
            <a href={paths.accountShares()}>Your share links</a>
          </dd>
        </div>
        <div>
          <dt>Kept</dt>
          <dd>{keptSentence(retention)}</dd>
        </div>
        <div>
          <dt>Delete</dt>
          <dd>
            <a href={paths.accountDeletion()}>Delete everything that you made</a>
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** Such as `1,204, with 310 files of 52 MB.` */
function madeSentence({ predictions, files, bytes, isWhole }: MadeCounts): string {
  const count = predictions.toLocaleString('en-GB')
  if (isWhole && files === 0) return `${count}.`
  const taken = `${plural(files, 'file')} of ${formatBytes(bytes)}`
  return isWhole ? `${count}, with ${taken}.` : `${count} or more; the newest have ${taken}.`
}

function keptSentence({ days, keep }: Retention): string {
  if (days === null) return 'Until somebody deletes it.'
  const goes = `Inputs, outputs, logs and files go after ${plural(days, 'day')}`
  return keep.length === 0 ? `${goes}.` : `${goes}; ${keep.join(', ')} stay.`
}
