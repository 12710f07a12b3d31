import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'
import { fullTextHref } from './text-output.tsx'

/** Shows the source only. It must not run on a page of ours. */
export function HtmlOutput({ output, prediction, id }: OutputProps<'html'>) {
  const { text, omitted } = output
  return (
    <>
      <p class='field-note'>This is the source of a web page. Download it to open the page.</p>
      <pre class='json-output' id={id} tabindex={0} role='group' aria-label='Source'>
        {text}
      </pre>
      <CutNote omitted={omitted} noun='character' href={fullTextHref(usePaths(), prediction, id)} />
    </>
  )
}
