import { raw } from 'hono/html'
import markdownIt from 'markdown-it'

// Raw HTML is shown as text, and pictures from elsewhere would not load: our pages ask no one else.
const markdown = markdownIt({ html: false, linkify: true }).disable('image')

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow')
  return renderer.renderToken(tokens, index, options)
}

/** `below`: the level of the heading above the text, whose own headings go one deeper. */
type HeadingLevel = { below: number }

/** The page has headings of its own: those of a text come below them, none skipped. */
markdown.core.ruler.push('headings', ({ tokens, env }) => {
  const below = Number(env.below)
  let level = below
  for (const token of tokens) {
    if (token.type === 'heading_open')
      level = Math.min(Number(token.tag.slice(1)) + below, level + 1, 6)
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${level}`
  }
})

/** HTML that is safe to put into a page. */
export function markdownHtml(text: string, level: HeadingLevel): string {
  return markdown.render(text, level)
}

/** A longer text is shown as it is written: one that was made to take long takes 3 µs a character. */
const mostUnits = 64 * 1024

/** Markdown from a model's author. */
export function Markdown({ text }: { text: string }) {
  const isLong = text.length > mostUnits
  return (
    <div class='markdown'>{isLong ? <pre>{text}</pre> : raw(markdownHtml(text, { below: 1 }))}</div>
  )
}

/** Markdown within a line: the description of a field. */
export function InlineMarkdown({ text }: { text: string }) {
  return <>{raw(markdown.renderInline(text, { below: 6 }))}</>
}
