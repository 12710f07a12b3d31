import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenAiApp, startOpenAi } from './support.ts'

let sandpit: OpenAiApp
beforeAll(async () => {
  sandpit = await startOpenAi()
})
afterAll(() => sandpit.close())

it.each(['float', 'base64', undefined] as const)('makes embeddings as %s', async (format) => {
  const { data, model } = await sandpit.client.embeddings.create({
    model: 'team/vectors',
    input: ['one', 'three'],
    ...(format ? { encoding_format: format } : {}),
  })
  expect(model).toBe('team/vectors')
  const expected = [
    [3, 0.5, -1],
    [5, 0.5, -1],
  ]
  // The client decodes what it asks for itself.
  const read = data.map(({ embedding }) =>
    typeof embedding === 'string' ? floats(embedding) : embedding,
  )
  expect(read).toEqual(expected)
  expect(data.map(({ index }) => index)).toEqual([0, 1])
})

it('gives a model that takes one text at a time each text alone', async () => {
  const { data } = await sandpit.client.embeddings.create({
    model: 'team/vector',
    input: ['one', 'three'],
  })
  expect(data.map(({ embedding }) => embedding)).toEqual([
    [3, 0.25],
    [5, 0.25],
  ])
})

it('sends embeddings that are too large for the database', async () => {
  const { data } = await sandpit.client.embeddings.create({
    model: 'team/vectors',
    input: Array.from({ length: 3 }, (_, at) => `${at}`),
    ...{ dimensions: 60_000 },
  })
  expect(data.map(({ embedding }) => embedding.length)).toEqual([60_000, 60_000, 60_000])
})

it('refuses what it cannot embed', async () => {
  const create = (model: string, input: string | number[] | string[]) =>
    sandpit.client.embeddings.create({ model, input })
  await expect(create('team/chat', 'x')).rejects.toMatchObject({ code: 'model_not_found' })
  await expect(create('team/vectors', [1, 2])).rejects.toMatchObject({ param: 'input' })
  await expect(create('team/vectors', [])).rejects.toMatchObject({ param: 'input' })
  await expect(create('team/chat', 'x')).rejects.toThrow('POST /openai/v1/chat/completions')
  await expect(
    sandpit.client.embeddings.create({ model: 'team/vector', input: 'x', dimensions: 9 }),
  ).rejects.toMatchObject({ param: 'dimensions', code: 'unsupported_parameter' })
  const many = Array.from({ length: 101 }, () => 'x')
  await expect(create('team/vector', many)).rejects.toMatchObject({ param: 'input' })
})

function floats(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4))
}
