import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isId, newId } from '../../src/domain/id.ts'

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

it('writes 16 bytes as 26 characters that are an id', () => {
  fc.assert(fc.property(bytes, (random) => isId(newId(random))))
})

it('loses no bit: other bytes are another id', () => {
  fc.assert(
    fc.property(bytes, fc.nat(127), (random, bit) => {
      const other = random.slice()
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(newId(other)).not.toBe(newId(random))
    }),
  )
})

it.each([
  '',
  'a'.repeat(25),
  'a'.repeat(27),
  `${'a'.repeat(25)}A`,
  `${'a'.repeat(25)}1`,
  `${'a'.repeat(26)}\n`,
  `../${'a'.repeat(23)}`,
])('does not take %j for an id', (text) => {
  expect(isId(text)).toBe(false)
})
