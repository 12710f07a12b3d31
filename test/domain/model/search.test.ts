import { expect, it } from 'vitest'
import { collectionSentence, collectionsOf } from '../../../src/domain/model/collection.ts'
import { findModels } from '../../../src/domain/model/search.ts'

const models = [
  { ref: { owner: 'ann', name: 'upscale' }, description: 'Makes pictures larger.' },
  { ref: { owner: 'bob', name: 'pictures' }, description: 'Draws.' },
  { ref: { owner: 'ann', name: 'story' }, description: 'Tells a tale.' },
]

const found = (query: string) => findModels(models, query).map(({ model }) => model.ref.name)

it('finds the models that have every word, those that are named by it first', () => {
  expect(found('PICTURES')).toEqual(['pictures', 'upscale'])
  expect(found('ann pictures')).toEqual(['upscale'])
  expect(found('  ')).toEqual(['upscale', 'pictures', 'story'])
  expect(found('nothing')).toEqual([])
  expect(findModels(models, 'ann/story')[0]?.score).toBe(1)
})

it('puts the models of one owner together', () => {
  const collections = collectionsOf(models)
  expect(collections.map(({ slug }) => slug)).toEqual(['ann', 'bob'])
  expect(collections.map(collectionSentence)).toEqual(['2 models by ann.', '1 model by bob.'])
})
