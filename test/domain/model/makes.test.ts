import { expect, it } from 'vitest'
import { makes } from '../../../src/domain/model/makes.ts'
import { inOrder, newModels, pageOf } from '../../../src/domain/model/order.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'
import { versionOf } from '../../support/domain.ts'

const file = { type: 'string', format: 'uri' }

function made(output: object, description = '', name = 'model') {
  const schema = readSchema({ Input: {}, Output: JSON.parse(JSON.stringify(output)) })
  const version = { ...versionOf(), schema }
  return makes({ ref: { owner: 'ann', name }, description, version })
}

it('tells what a model makes from its schema, and of a file from its texts', () => {
  expect(made({ type: 'string' })).toBe('text')
  expect(made({ type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator' })).toBe(
    'text',
  )
  expect(made({ type: 'array', items: { type: 'number' } })).toBe('data')
  expect(made({ type: 'object', properties: { n: { type: 'number' } } })).toBe('data')
  expect(made({})).toBe('data')
  expect(made(file)).toBe('file')
  expect(made(file, 'Makes pictures from words.')).toBe('image')
  expect(made({ type: 'array', items: file }, '', 'sdxl_turbo')).toBe('image')
  expect(made(file, 'Turns a picture into a short video.')).toBe('video')
  expect(made({ type: 'object', properties: { wav: file } }, 'Text to speech.')).toBe('audio')
  expect(made({ ...file, title: 'Mesh' }, 'From one photo.')).toBe('3d')
})

const day = 24 * 60 * 60_000
const models = ['B', 'a10', 'a9'].map((name) => ({ ref: { owner: 'ann', name } }))
const figures = (runs: readonly number[], seen: readonly number[]) => ({
  runs: (model: (typeof models)[number]) => runs[models.indexOf(model)] ?? 0,
  seenAt: (model: (typeof models)[number]) => seen[models.indexOf(model)] ?? 0,
})
const names = (ordered: readonly (typeof models)[number][]) => ordered.map(({ ref }) => ref.name)

it('orders models by runs, by age and by name', () => {
  const some = figures([1, 5, 1], [10, 20, 30])
  expect(names(inOrder(models, 'popular', some))).toEqual(['a10', 'B', 'a9'])
  expect(names(inOrder(models, 'new', some))).toEqual(['a9', 'a10', 'B'])
  expect(names(inOrder(models, 'name', some))).toEqual(['a9', 'a10', 'B'])
})

it('calls those new that came within a month, and not with the first', () => {
  expect(names(newModels(models, figures([], [0, 10, 20]), day))).toEqual([])
  expect(names(newModels(models, figures([], [0, day, 2 * day]), 3 * day))).toEqual(['a9', 'a10'])
  expect(names(newModels(models, figures([], [0, day, 40 * day]), 41 * day))).toEqual(['a9'])
})

it('cuts a list into pages, the nearest of which is shown', () => {
  expect(pageOf([1, 2, 3, 4, 5], 2, 2)).toEqual({ items: [3, 4], page: 2, pages: 3 })
  for (const [asked, page] of [
    [9, 3],
    [-1, 1],
    [Number.NaN, 1],
    [1.5, 1],
  ] as const)
    expect(pageOf([1, 2, 3, 4, 5], asked, 2).page).toBe(page)
  expect(pageOf([], 1, 2)).toEqual({ items: [], page: 1, pages: 1 })
})
