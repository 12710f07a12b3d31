import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

/** Streamed text. Of a long one, its end is shown while it grows. */
export function StreamOutput({ output, prediction, id }: OutputProps<'stream'>) {
  const { text, growing, omitted } = output
  const whole = usePaths().outputText(prediction)
  return (
    <>
      {growing && omitted !== undefined && (
        <p class='field-note'>
          Showing the latest part. <a href={whole}>View all so far</a>
        </p>
      )}
      <div class='stream'>
        <p class={growing ? 'text caret' : 'text'} dir='auto' id={id}>
          {text}
        </p>
      </div>
      {!growing && <CutNote omitted={omitted} noun='character' href={whole} />}
    </>
  )
}
