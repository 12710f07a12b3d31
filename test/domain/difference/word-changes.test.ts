import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordChanges } from '../../../src/domain/difference/word-changes.ts'

const marked = (before: string, after: string) =>
  wordChanges(before, after)
    .map(({ kind, text }) => ({ same: text, removed: `[-${text}-]`, added: `{+${text}+}` })[kind])
    .join('')

it('marks the words that one text lacks', () => {
  expect(marked('a clear sky at night', 'a clear night sky')).toBe(
    'a clear [-sky at -]night{+ sky+}',
  )
  expect(marked('the same', 'the same')).toBe('the same')
  expect(marked('', 'new words')).toBe('{+new words+}')
  expect(marked('one two', '')).toBe('[-one two-]')
})

it('holds both texts whole, whatever they are', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b ', 'c\n', ' ', 'd e'))
    .map((words) => words.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = wordChanges(before, after)
      const without = (kind: string) =>
        changes
          .filter((change) => change.kind !== kind)
          .map((change) => change.text)
          .join('')
      expect(without('added')).toBe(before)
      expect(without('removed')).toBe(after)
    }),
  )
})

it('takes long texts as wholly different where they differ', () => {
  const words = (word: string) => `${word} `.repeat(5_000)
  expect(wordChanges(words('a'), words('b')).map(({ kind }) => kind)).toEqual(['removed', 'added'])
})

it('marks few words in a long text', () => {
  const words = Array.from({ length: 4_000 }, (_, at) => (at % 12 === 0 ? `${at}. ` : `${at} `))
  const after = words.map((word, at) => (at % 500 === 7 ? 'other ' : word))
  const changes = wordChanges(words.join(''), after.join(''))
  expect(changes.filter(({ kind }) => kind === 'added').map(({ text }) => text.trim())).toEqual(
    Array(8).fill('other'),
  )
})
