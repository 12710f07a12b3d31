import { raw } from 'hono/html'
import { markdownHtml } from '../markdown.tsx'
import { usePaths } from '../site.ts'
import type { OutputProps } from './output-props.ts'
import { CutNote } from './parts/output-actions.tsx'
import { fullTextHref, TextOutput } from './text-output.tsx'

/** Markdown whose HTML is this much longer is shown as text: it may be made to fill pages. */
const mostGrowth = 3

export function MarkdownOutput(props: OutputProps<'markdown'>) {
  const { output, prediction, id } = props
  const { text, omitted } = output
  const html = markdownHtml(text, { below: 2 })
  const paths = usePaths()
  if (html === null || html.length > mostGrowth * text.length + 1_000)
    return <TextOutput {...props} output={{ ...output, kind: 'text' }} />
  return (
    <div class='either'>
      <fieldset class='switch'>
        <legend class='visually-hidden'>Show the text as</legend>
        <label>
          <input type='radio' name={`${id}-as`} value='reading' checked /> Formatted
        </label>
        <label>
          <input type='radio' name={`${id}-as`} value='source' /> Markdown
        </label>
      </fieldset>
      <div class='markdown' dir='auto'>
        {raw(html)}
      </div>
      <pre class='json-output' id={id} dir='auto'>
        {text}
      </pre>
      <CutNote omitted={omitted} noun='character' href={fullTextHref(paths, prediction, id)} />
    </div>
  )
}
