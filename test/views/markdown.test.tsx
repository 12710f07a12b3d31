import { expect, it } from 'vitest'
import { InlineMarkdown, Markdown, markdownHtml } from '../../views/markdown.tsx'

const drawn = (text: string) => String(<Markdown text={text} />)

it('is formatted, and shown as it is written when it is very long', () => {
  expect(drawn('**a**')).toContain('<strong>a</strong>')
  const long = drawn(`${'**a** '.repeat(20_000)}<b>`)
  expect(long).toContain('**a** **a**')
  expect(long).not.toContain('<strong>')
  expect(long).toContain('&lt;b&gt;</pre>')
})

it.each(['[', '**a** ', '| a ', 'a@b.co ', '- a\n'])(
  'is shown as it is written when it is made to take long: %j over and over',
  (piece) => {
    const text = piece.repeat(9_000)
    expect(drawn(text)).toContain('<pre>')
    expect(markdownHtml(text, { below: 1 })).toBeNull()
    expect(String(<InlineMarkdown text={text} />)).toBe(text)
  },
)

it('is formatted when it is long and ordinary', () => {
  const paragraph = `${'Some *words* of a text that goes on for a while. '.repeat(8)}\n\n`
  const table = `| a | b | c |\n|---|---|---|\n${'| some words | 12.5 | `code` |\n'.repeat(500)}`
  const text = paragraph.repeat(90) + table
  expect(text.length).toBeGreaterThan(50_000)
  expect(markdownHtml(text, { below: 1 })).toContain('<em>words</em>')
})

it('aligns the cells of a table without an inline style, which pages forbid', () => {
  const table = drawn('| a | b |\n|---|--:|\n| x | 1 |')
  expect(table).toContain('<td align="right">1</td>')
  expect(table).not.toContain('style=')
})
