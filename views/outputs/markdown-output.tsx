import { raw } from 'hono/html'
import markdownIt from 'markdown-it'
import { usePaths } from '../site.ts'
import { CutNote } from './cut-note.tsx'
import type { OutputProps } from './output-props.ts'
import { TextOutput, wholeText } from './text-output.tsx'

// Raw HTML is shown as text, and pictures from elsewhere would not load: our pages ask no one else.
const markdown = markdownIt({ html: false, linkify: true }).disable('image')

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow')
  return renderer.renderToken(tokens, index, options)
}

/** The page has headings of its own: those of an output come below them, none skipped. */
markdown.core.ruler.push('headings', ({ tokens }) => {
  let level = 2
  for (const token of tokens) {
    if (token.type === 'heading_open')
      level = Math.min(Number(token.tag.slice(1)) + 2, level + 1, 6)
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${level}`
  }
})

/** What little text can be made to say in much HTML is shown as it is written. */
const mostGrowth = 3

export function MarkdownOutput(props: OutputProps<'markdown'>) {
  const { output, prediction, place } = props
  const { text, omitted } = output
  const html = markdown.render(text)
  const paths = usePaths()
  if (html.length > mostGrowth * text.length + 1_000)
    return <TextOutput {...props} output={{ ...output, kind: 'text' }} />
  return (
    <div class='either'>
      <fieldset class='switch'>
        <legend class='visually-hidden'>Show the text as</legend>
        <label>
          <input type='radio' name={`${place}-as`} value='reading' checked /> Reading
        </label>
        <label>
          <input type='radio' name={`${place}-as`} value='source' /> Markdown
        </label>
      </fieldset>
      <div class='markdown' dir='auto'>
        {raw(html)}
      </div>
      <pre class='json-output' id={place} dir='auto'>
        {text}
      </pre>
      <CutNote omitted={omitted} noun='character' href={wholeText(paths, prediction, place)} />
    </div>
  )
}
