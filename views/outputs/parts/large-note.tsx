import { wholeFile } from '../../../src/domain/output/large-output.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { isSettled } from '../../../src/domain/prediction/status.ts'
import { formatBytes } from '../../format.ts'
import { usePaths } from '../../site.ts'

/** Says of an output that is too large for a page how much of it is shown, and where all of it is. */
export function LargeNote({ prediction }: { prediction: Prediction }) {
  const paths = usePaths()
  const { id, excerpt, files } = prediction
  if (!excerpt) return null
  const file = wholeFile(excerpt, files)
  if (!isSettled(prediction))
    return (
      <p class='field-note'>
        This output is too large to show here. You can download it when the run has finished.
      </p>
    )
  if (!file)
    return <p class='field-note'>The server stopped before the rest of this output was saved.</p>
  const href = excerpt.form === 'text' ? paths.outputText(id) : paths.outputJson(id)
  return (
    <p class='field-note'>
      This is the start of the output. <a href={href}>View all</a> ({formatBytes(file.size)})
    </p>
  )
}
