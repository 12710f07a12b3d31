import { describe, expect, it } from 'vitest'
import type { StoredFile } from '../../../src/domain/file/file.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import { compatibleInputs } from '../../../src/domain/model/compatible-inputs.ts'
import { type Model, unpresented } from '../../../src/domain/model/model.ts'
import { readSchema } from '../../../src/domain/schema/schema.ts'

function model(name: string, properties: JsonObject, broken: string | null = null): Model {
  const ref = { owner: 'test', name }
  const schema = readSchema({ Input: { type: 'object', properties } })
  return {
    ref,
    provider: 'local',
    description: '',
    version: { id: name, model: ref, provider: 'local', schema, createdAt: 0 },
    cover: null,
    readme: null,
    ...unpresented,
    examples: [],
    limits: { copies: 1, timeoutMs: null, rerun: true },
    broken,
    undescribed: null,
  }
}

const file = { type: 'string', format: 'uri' }
const picture: StoredFile = { ref: 'a', sha256: '', name: 'dunes.PNG', type: 'image/png', size: 1 }
const models = [
  model('text-only', { prompt: { type: 'string' } }),
  model('anything', { data: file }),
  model('sound', { voice: { ...file, 'x-cog-accept': 'audio/*' } }),
  model('by-ending', { drop: { ...file, 'x-cog-accept': '.jpg, .png' } }),
  model('pictures', {
    data: file,
    frames: { type: 'array', items: { ...file, 'x-cog-accept': 'image/*' } },
  }),
  model('by-name', { mask: file }),
  model('broken', { image: file }, 'no licence'),
]

describe('an output', () => {
  it('goes on to the inputs that ask for its kind, then to those that take any file', () => {
    expect(compatibleInputs(picture, models)).toEqual([
      { model: { owner: 'test', name: 'by-ending' }, input: 'drop' },
      { model: { owner: 'test', name: 'pictures' }, input: 'frames' },
      { model: { owner: 'test', name: 'pictures' }, input: 'data' },
      { model: { owner: 'test', name: 'by-name' }, input: 'mask' },
      { model: { owner: 'test', name: 'anything' }, input: 'data' },
    ])
  })

  it('goes on to each input of a model that takes it', () => {
    const swap = model('swap', { target_image: file, prompt: { type: 'string' }, swap_image: file })
    expect(compatibleInputs(picture, [swap]).map(({ input }) => input)).toEqual([
      'target_image',
      'swap_image',
    ])
  })

  it('goes nowhere that asks for another kind', () => {
    const sound = { ...picture, name: 'a.wav', type: 'audio/wav' }
    expect(compatibleInputs(sound, models).map((one) => one.model.name)).toEqual([
      'sound',
      'anything',
      'pictures',
    ])
  })
})
