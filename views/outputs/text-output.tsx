import type { Paths } from '../../src/paths.ts'
import { usePaths } from '../site.ts'
import { type OutputProps, outputId } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'

export function TextOutput({ output, prediction, id }: OutputProps<'text'>) {
  const { text, omitted } = output
  return (
    <>
      <div class='stream'>
        <p class='text' dir='auto' id={id}>
          {text}
        </p>
      </div>
      <CutNote omitted={omitted} noun='character' href={fullTextHref(usePaths(), prediction, id)} />
    </>
  )
}

/** The URL of the whole text; for a text in a list or object, that of the whole output. */
export function fullTextHref(paths: Paths, prediction: string, id: string): string {
  return id === outputId ? paths.outputText(prediction) : paths.outputJson(prediction)
}
