import { raw } from 'hono/html'
import markdownIt from 'markdown-it'

// Raw HTML is shown as text. Pictures are off: our pages load nothing from other hosts.
const markdown = markdownIt({ html: false, linkify: true }).disable('image')

markdown.renderer.rules.link_open = (tokens, index, options, _env, renderer) => {
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow')
  return renderer.renderToken(tokens, index, options)
}

/** `below`: the level of the heading above the text, whose own headings go one deeper. */
type HeadingLevel = { below: number }

/** Puts the headings of a text below those of the page, without skipping levels. */
markdown.core.ruler.push('headings', ({ tokens, env }) => {
  const below = Number(env.below)
  let level = below
  for (const token of tokens) {
    if (token.type === 'heading_open')
      level = Math.min(Number(token.tag.slice(1)) + below, level + 1, 6)
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${level}`
  }
})

/** Renders Markdown as HTML that is safe in a page. */
export function markdownHtml(text: string, level: HeadingLevel): string {
  return markdown.render(text, level)
}

/** Longer texts are shown as text: a hostile one takes 3 µs per character to render. */
const mostUnits = 64 * 1024

/** The README of a model. */
export function Markdown({ text }: { text: string }) {
  const isLong = text.length > mostUnits
  return (
    <div class='markdown'>{isLong ? <pre>{text}</pre> : raw(markdownHtml(text, { below: 1 }))}</div>
  )
}

/** Markdown without blocks, for descriptions. */
export function InlineMarkdown({ text }: { text: string }) {
  return <>{raw(markdown.renderInline(text, { below: 6 }))}</>
}
