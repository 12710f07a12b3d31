import type { Paths } from '../../src/paths.ts'
import { usePaths } from '../site.ts'
import { type OutputProps, outermost } from './output-props.ts'
import { CutNote } from './parts/cut-note.tsx'

export function TextOutput({ output, prediction, place }: OutputProps<'text'>) {
  const { text, omitted } = output
  return (
    <>
      <div class='stream'>
        <p class='text' dir='auto' id={place}>
          {text}
        </p>
      </div>
      <CutNote omitted={omitted} noun='character' href={wholeText(usePaths(), prediction, place)} />
    </>
  )
}

/** Where a text is that was cut: by itself, or within the whole output. */
export function wholeText(paths: Paths, prediction: string, place: string): string {
  return place === outermost ? paths.outputText(prediction) : paths.outputJson(prediction)
}
