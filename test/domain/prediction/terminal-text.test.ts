import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalText } from '../../../src/domain/prediction/terminal-text.ts'

describe('logs as a terminal shows them', () => {
  it.each<[string, string, string]>([
    ['plain text as it is', 'one\ntwo\n', 'one\ntwo\n'],
    ['line ends of both kinds', 'one\r\ntwo\r\n\r\nthree', 'one\ntwo\n\nthree'],
    ['a line that was written over', 'a\rb\rc\nnext', 'c\nnext'],
    ['what a shorter text left of a longer one', 'downloading\rdone', 'doneloading'],
    ['a line whose end is a return', '42%|██\r', '42%|██'],
    ['a progress bar once', '\r  0%|  |\r 50%|█ |\r100%|██|\ndone\n', '100%|██|\ndone\n'],
    ['a line that was erased', 'working…\r\u001b[Kdone\nand\u001b[2K\rthen', 'done\nthen'],
    ['two bars, one above the other', 'a 0%\nb 0%\u001b[A\ra 9%\nb 5%', 'a 9%\nb 5%'],
    [
      'colours left out',
      '\u001b[1;31mred\u001b[0m \u001b]8;;https://a\u0007link\u001b]8;;\u0007',
      'red link',
    ],
    ['a step back', 'ab\bc\b\b\b\bd', 'dc'],
    ['an order it does not know', 'a\u001b[5Xb\u001bc', 'abc'],
  ])('have %s', (_what, logs, shown) => {
    expect(terminalText(logs)).toBe(shown)
  })

  it('are never longer than they were, and hold no order to a terminal', () => {
    const piece = fc.constantFrom(
      '\r',
      '\n',
      '\b',
      '\u001b[A',
      '\u001b[9B',
      '\u001b[K',
      '\u001b',
      'ab',
      'é',
      '😀',
      '\u001b[',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const shown = terminalText(pieces.join(''))
        expect(shown.length).toBeLessThanOrEqual(pieces.join('').length)
        expect(shown).not.toMatch(/[\r\b]/)
      }),
    )
  })

  it('take no longer for being made to', () => {
    const long = 'x'.repeat(1_000_000)
    for (const order of ['\rx', '\b', '\u001b[A\u001b[Bx', '\u001b[K', '\u001b[1m', '\rx\u001b[B'])
      expect(terminalText(long + order.repeat(200_000)).length).toBeLessThan(2_000_000)
  })
})
