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

/** Aligns cells by attribute: pages allow no inline styles. */
markdown.core.ruler.push('cells', ({ tokens }) => {
  for (const token of tokens) {
    const aligned = String(token.attrGet('style') ?? '').replace('text-align:', '')
    if (aligned) token.attrs = [['align', aligned]]
  }
})

/** Longer texts are shown as they are. */
const mostUnits = 64 * 1024
/** So are those with more characters that mean something in Markdown: each can take 4 µs. */
const mostMarks = 8_000
const marks = /[\n*_~`[\]<>|@:&#]/g

/** Renders Markdown as HTML that is safe in a page; null when that would hold up other requests. */
export function markdownHtml(text: string, level: HeadingLevel): string | null {
  return takesLong(text) ? null : markdown.render(text, level)
}

function takesLong(text: string): boolean {
  return text.length > mostUnits || (text.match(marks)?.length ?? 0) > mostMarks
}

/** The README of a model. */
export function Markdown({ text }: { text: string }) {
  const html = markdownHtml(text, { below: 1 })
  return <div class='markdown'>{html === null ? <pre>{text}</pre> : raw(html)}</div>
}

/** Markdown without blocks, for descriptions. */
export function InlineMarkdown({ text }: { text: string }) {
  return <>{takesLong(text) ? text : raw(markdown.renderInline(text, { below: 6 }))}</>
}
