import { describe, expect, it } from 'vitest'
import { searchedWords, searchWords } from '../../../src/domain/prediction/search-words.ts'
import { redacted } from '../../../src/domain/schema/redacted.ts'
import { fileOf, predictionOf, uriOf } from '../../support/domain.ts'

/** Whether a search finds a prediction with these texts. */
function finds(search: string, input: string, output: string | string[] = ''): boolean {
  const words = new Set(searchWords(predictionOf({ input: { input }, output, iterates: true })))
  const searched = searchedWords(search)
  return searched.length > 0 && searched.every((word) => words.has(word))
}

describe('a search', () => {
  it.each([
    ['lantern', 'A paper Lantern, lit.'],
    ['LIT lantern', 'A paper lantern, lit.'],
    ['skarpa', 'Skärpa och ljus'],
    ['SKÄRPA', 'Skarpa'],
    ['東京', '東京都の夜景'],
    ['京都', '東京都の夜景'],
    ['猫', '白い猫が走る'],
    ['テスト', 'ﾃｽﾄ画像'],
    ['고양이', '고양이가 잔다'],
    ['แมว', 'ภาพแมวสีขาว'],
    ['שלום', 'שָׁלוֹם עולם'],
    ['مرحبا', 'مَرْحَبًا بالعالم'],
    ['नमस्ते', 'नमस्ते दुनिया'],
    ['0217', 'receipt-0217.jpg'],
  ])('for %s finds %s', (search, text) => {
    expect(finds(search, text)).toBe(true)
  })

  it.each([
    ['lantern moon', 'A paper lantern'],
    ['大阪', '東京都の夜景'],
    ['', 'anything'],
    ['"*()', 'anything'],
  ])('for %j does not find %s', (search, text) => {
    expect(finds(search, text)).toBe(false)
  })

  it('finds words that an iterator made in pieces, and whole items', () => {
    expect(finds('lantern', '', ['A lan', 'tern'])).toBe(true)
    expect(finds('cat dog', '', ['a cat', 'a dog'])).toBe(true)
  })

  it('asks for no more than eight words', () => {
    expect(searchedWords('a b c d e f g h i j')).toHaveLength(8)
  })
})

describe('the words of a prediction', () => {
  it('are those of its texts and the names of its files, not of secrets and contents', () => {
    const input = {
      key: redacted,
      data: 'data:text/plain,hidden',
      image: uriOf(1),
      prompt: 'a cat',
    }
    const words = searchWords(predictionOf({ input, files: [fileOf(1)] }))
    expect(words.sort()).toEqual(['1', 'a', 'cat', 'picture', 'png'])
  })

  it('are those of the beginning of long texts', () => {
    const long = 'abc '.repeat(2_000)
    expect(searchWords(predictionOf({ input: { long: `${long} late` } }))).toEqual(['abc'])
    expect(searchWords(predictionOf({ input: { long: 'x'.repeat(5_000) } }))).toEqual([])
  })
})
