import { raw } from 'hono/html'
import markdownIt from 'markdown-it'

// Raw HTML is shown as text, and pictures from elsewhere would not load: our pages ask no one else.
const markdown = markdownIt({ html: false, linkify: true }).disable('image')

/** Markdown from a model: a README, or an output. */
export function Markdown({ text }: { text: string }) {
  return <div class='markdown'>{raw(markdown.render(text))}</div>
}

/** Markdown within a line: the description of a field. */
export function InlineMarkdown({ text }: { text: string }) {
  return <>{raw(markdown.renderInline(text))}</>
}
