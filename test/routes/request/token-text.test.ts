import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isTokenText, newTokenText } from '../../../src/routes/request/token-text.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

it('makes tokens of one form, each another', () => {
  const made = Array.from({ length: 1_000 }, newTokenText)
  for (const text of made) expect(text).toMatch(/^sandpit_[0-9A-Za-z]{36}$/)
  expect(new Set(made).size).toBe(made.length)
  expect(made.every(isTokenText)).toBe(true)
})

it('ends them with the CRC-32 of the 30 digits before, in base62', () => {
  const text = newTokenText()
  const [random, check] = [text.slice(8, 38), text.slice(38)]
  const read = [...check].reduce((value, digit) => value * 62 + digits.indexOf(digit), 0)
  expect(read).toBe(crc32(random))
})

it('knows a token in which one character, or two neighbours, were mistaken', () => {
  const at = fc.integer({ min: 8, max: 43 })
  fc.assert(
    fc.property(at, fc.constantFrom(...digits), (index, digit) => {
      const text = newTokenText()
      const other = text.slice(0, index) + digit + text.slice(index + 1)
      expect(isTokenText(other)).toBe(other === text)
      const [first = '', second = ''] = [text[index - 1], text[index]]
      if (index === 8) return
      const swapped = text.slice(0, index - 1) + second + first + text.slice(index + 1)
      expect(isTokenText(swapped)).toBe(swapped === text)
    }),
  )
})

it('takes no other text for a token', () => {
  fc.assert(fc.property(fc.string(), (text) => !isTokenText(text)))
  const text = newTokenText()
  for (const wrong of ['', text.slice(1), ` ${text}`, `${text} `, `${text}0`, text.toUpperCase()])
    expect(isTokenText(wrong)).toBe(false)
})
