import { expect, it } from 'vitest'
import { Markdown } from '../../views/markdown.tsx'

const drawn = (text: string) => String(<Markdown text={text} />)

it('is formatted, and shown as it is written when it is very long', () => {
  expect(drawn('**a**')).toContain('<strong>a</strong>')
  const long = drawn(`${'**a** '.repeat(20_000)}<b>`)
  expect(long).toContain('**a** **a**')
  expect(long).not.toContain('<strong>')
  expect(long).toContain('&lt;b&gt;</pre>')
})
