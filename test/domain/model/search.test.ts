import { expect, it } from 'vitest'
import { collectionsOf } from '../../../src/domain/model/collection.ts'
import { matchOf, queryWords } from '../../../src/domain/model/search.ts'
import { normalized, partsOf, plainTexts } from '../../../src/domain/model/search-text.ts'
import { similarWord } from '../../../src/domain/model/similar-words.ts'

const texts = plainTexts({
  ref: { owner: 'ann', name: 'upscale-4x' },
  description: 'Makes pictures larger.',
  inputs: ['source_image', 'denoise'],
  examples: ['a lighthouse'],
  readme: null,
})
const match = (query: string, similar = false, inReadme = false) =>
  matchOf(texts, queryWords(query), { similar, inReadme })

it('ranks a match in the name before one in the description, in an input and in the README', () => {
  expect(match('ann/upscale')).toMatchObject({ score: 1, text: 'name' })
  const scores = ['UPSCALE', 'upsc', 'pscal', 'pictures', 'source', 'lighthouse'].map(
    (query) => match(query)?.score ?? 0,
  )
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  expect(match('other', false, true)?.score).toBeLessThan(match('lighthouse')?.score ?? 0)
  expect(match('upscale other')).toBeNull()
})

it('forgives one error in a short word and two in a long one', () => {
  expect(match('upsacle', true)).toMatchObject({ text: 'name', word: 'upscale' })
  expect(match('picutres', true)).toMatchObject({ text: 'description', word: 'pictures' })
  expect(match('lihgthouze', true)).toMatchObject({ text: 'inputs', word: 'lighthouse' })
  expect(match('upsacle')).toBeNull()
  expect(similarWord('cat', ['car', 'bat'])).toBeNull()
  expect(similarWord('story', ['history', 'store', 'story'])).toBe('story')
})

it('reads words without case, accents and signs, and bounds how many', () => {
  expect(normalized('  Café—“ÉTÉ”_x ')).toBe('cafe ete x')
  expect(queryWords('a AND "b" OR (c*) NEAR/2 a')).toEqual([
    'a',
    'and',
    'b',
    'or',
    'c',
    'near',
    '2',
  ])
  expect(queryWords('sd画像 生成')).toEqual(['sd', '画像', '生成'])
  expect(queryWords('x1 '.repeat(10_000))).toEqual(['x1'])
  expect(partsOf('画像生')).toEqual([' 画像', ' 像生'])
  expect(partsOf('3d')).toEqual([' 3d'])
})

it('puts the models of one owner together', () => {
  const models = ['ann', 'bob', 'ann'].map((owner, at) => ({ ref: { owner, name: `m${at}` } }))
  const collections = collectionsOf(models)
  expect(collections.map(({ slug }) => slug)).toEqual(['ann', 'bob'])
  expect(collections.map(({ description }) => description)).toEqual([
    '2 models by ann.',
    '1 model by bob.',
  ])
})
