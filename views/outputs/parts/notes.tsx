import { type Excerpt, wholeFile } from '../../../src/domain/output/large-output.ts'
import { isSettled, type Prediction } from '../../../src/domain/prediction/prediction.ts'
import { formatBytes, plural } from '../../format.tsx'
import { usePaths } from '../../site.ts'

interface CutNoteProps {
  /** How many are left out. Undefined renders nothing. */
  readonly omitted: number | undefined
  /** In the singular. */
  readonly noun: string
  /** The URL of everything. */
  readonly href: string
}

/** Says how much is left out of the page, with a link to everything. */
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

/** Says that a large output is shown in part, with a link to all of it. */
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
