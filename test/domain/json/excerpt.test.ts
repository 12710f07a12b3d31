import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headOf, pageBytes, tailOf, tailOfPieces } from '../../../src/domain/json/excerpt.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const written = (text: string) =>
  Buffer.byteLength(text.replace(/[&<>"']/g, (character) => escapes[character] ?? ''))

const texts = fc.string({ unit: 'grapheme', maxLength: 200 })
const halves = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

describe('an excerpt', () => {
  it('is measured as the page will hold it', () => {
    fc.assert(fc.property(texts, (text) => pageBytes(text) === written(text)))
  })

  it('is the beginning or the end, as much as there is room for, and no half character', () => {
    fc.assert(
      fc.property(texts, fc.nat(300), (text, bytes) => {
        const head = headOf(text, bytes)
        const tail = tailOf(text, bytes)
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
        for (const part of [head, tail]) {
          expect(pageBytes(part)).toBeLessThanOrEqual(bytes)
          expect(part).not.toMatch(halves)
          if (part.length < text.length) expect(pageBytes(part)).toBeGreaterThan(bytes - 12)
        }
      }),
    )
  })

  it('is the same whether the text is whole or in pieces', () => {
    fc.assert(
      fc.property(fc.array(texts), fc.nat(300), (pieces, bytes) => {
        expect(tailOfPieces(pieces, bytes)).toBe(tailOf(pieces.join(''), bytes))
      }),
    )
  })
})
