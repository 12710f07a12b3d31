import { type Excerpt, wholeFile } from '../../../src/domain/output/large-output.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { isSettled } from '../../../src/domain/prediction/status.ts'
import { formatBytes, plural } from '../../format.tsx'
import { usePaths } from '../../site.ts'

interface CutNoteProps {
  /** How many are left out; none draws nothing. */
  readonly omitted: number | undefined
  /** What they are, in the singular. */
  readonly noun: string
  /** Where all of it is. */
  readonly href: string
}

/** Says that there is more than a page has room for, and where. */
export function CutNote({ omitted, noun, href }: CutNoteProps) {
  if (omitted === undefined) return null
  return (
    <p class='field-note'>
      {plural(omitted, `more ${noun}`)}. <a href={href}>View all</a>
    </p>
  )
}

interface LargeNoteProps {
  readonly prediction: Prediction
  readonly excerpt: Excerpt
}

/** Says of an output that is too large for a page how much of it is shown, and where all of it is. */
export function LargeNote({ prediction, excerpt }: LargeNoteProps) {
  const paths = usePaths()
  const { id, files } = prediction
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
