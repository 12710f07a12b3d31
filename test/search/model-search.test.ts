import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readSchema } from '../../src/domain/schema/schema.ts'
import { type ModelSearch, openModelSearch } from '../../src/search/model-search.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { schemasWith } from '../support/domain.ts'

let folder: string
let store: Store
let search: ModelSearch
let time = 1_000
const open = () => {
  const failed = (error: unknown) => {
    throw error
  }
  return openModelSearch({ store, now: () => time, failed })
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandpit-search-'))
  store = await openSqlite(join(folder, 'sandpit.sqlite'))
  search = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const noTags: readonly string[] = []

function model(name: string, description: string, readme: string | null = null, inputs = ['text']) {
  const properties = Object.fromEntries(inputs.map((input) => [input, { type: 'string' }]))
  return {
    ref: { owner: 'ann', name },
    description,
    readme,
    tags: noTags,
    examples: [{ text: 'a lighthouse in fog', photo: './photo.jpg' }],
    version: { schema: readSchema(schemasWith(properties)) },
  }
}

const upscale = model('upscale', 'Makes pictures larger.', 'Trained on **microscopy** images.')
const pictures = model('pictures', 'Draws.')
const story = model('story', 'Tells a tale.', null, ['num_chapters'])
const paint = model('画像生成', '日本語の説明から絵を描く。')
const models = [upscale, pictures, story, { ...paint, ref: { owner: 'ann', name: 'e' } }]

async function found(query: string, among: Parameters<ModelSearch['find']>[0] = models) {
  return (await search.find(among, query)).map(({ model: { ref } }) => ref.name)
}

it('finds models by name, description, input, example and README, in that order', async () => {
  expect(await found('PICTURES')).toEqual(['pictures', 'upscale'])
  expect(await found('ann pictures')).toEqual(['pictures', 'upscale'])
  expect(await found('chapters')).toEqual(['story'])
  expect(await found('microscopy')).toEqual(['upscale'])
  expect(await found('larger microscopy')).toEqual(['upscale'])
  expect(await found('lighthouse')).toHaveLength(4)
  expect(await found('photo')).toEqual([])
  expect(await found('  ')).toHaveLength(4)
  const [first] = await search.find(models, 'microscopy')
  expect(first?.match).toMatchObject({ text: 'readme', word: 'microscopy' })
})

it('forgives typing errors', async () => {
  expect(await found('upsacle')).toEqual(['upscale'])
  expect(await found('pitcures')).toEqual(['pictures', 'upscale'])
  expect(await found('qqqqqqq')).toEqual([])
})

it('finds words of one and two characters, and of scripts without spaces', async () => {
  expect(await found('絵')).toEqual(['e'])
  expect(await found('説明から')).toEqual(['e'])
  expect(await found('日本 描く')).toEqual(['e'])
  expect(await found('明説')).toEqual([])
  expect(await found('a')).toContain('story')
})

it('follows the models, and remembers when each was first seen', async () => {
  expect(await found('owls')).toEqual([])
  time = 2_000
  const changed = { ...story, description: 'Tells of owls.' }
  const tagged = { ...pictures, tags: ['owls'] }
  const later = model('later', 'Comes later.')
  expect(await found('owls', [upscale, changed, later])).toEqual(['story'])
  expect(await found('owls', [tagged, changed])).toEqual(['pictures', 'story'])
  expect(await found('tale', [upscale, changed, later])).toEqual([])
  search = await open()
  expect(search.firstSeen(upscale.ref)).toBe(1_000)
  expect(search.firstSeen(later.ref)).toBe(2_000)
  expect(search.firstSeen({ owner: 'ann', name: 'never' })).toBeNull()
  expect(await found('owls', [upscale, changed])).toEqual(['story'])
})

it('takes any text as a query', async () => {
  const syntax = fc.stringMatching(/^(?:AND|OR|NOT|NEAR|["'*():^{}+\-\\ ab%_]){0,40}$/)
  await fc.assert(
    fc.asyncProperty(fc.oneof(syntax, fc.string({ unit: 'binary' })), async (query) => {
      expect(Array.isArray(await found(query))).toBe(true)
    }),
    { numRuns: 300 },
  )
})
