import { type Model, nothingToNote, unpresented } from '../../src/domain/model/model.ts'
import { type ModelRef, sameModel } from '../../src/domain/model-ref.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import type { FoundModel, Provider, ProviderParts } from '../../src/providers/provider.ts'
import { schemasWith, versionOf } from './domain.ts'

export const keyedAddress = 'http://gpu-1:9931'
export const rightKey = 'the right key'

type KeyedParts = Pick<ProviderParts, 'keys' | 'records'>

/** A provider of one server that asks for a key, with so many models, called `model-1` and so on. */
export function createKeyedProvider({ keys, records }: KeyedParts, count: number): Provider {
  const own = () => records.all().filter(({ source }) => source?.provider === 'keyed')
  const models = () => own().map(({ ref }) => modelOf(ref))
  return {
    name: 'keyed',
    label: 'Keyed',
    title: 'Keyed servers',
    origin: 'it is in a test',
    sources: {
      hint: { title: 'A keyed server', noun: 'the URL of a keyed server', text: 'Its URL.' },
      fields: {},
      urls: () => [keyedAddress],
      add: ({ source }) => ({ source }),
    },
    wantsFiles: false,
    resumes: false,
    runsHere: false,
    models: async () => models(),
    find: async (ref) => models().find((model) => sameModel(model.ref, ref)) ?? null,
    async probe({ text, key }) {
      if (text !== keyedAddress) return null
      const sent = key ?? keys.of(keyedAddress)
      if (sent === null)
        return { kind: 'refused', sentence: 'This server asks for a key.', asks: 'key' }
      if (sent !== rightKey)
        return { kind: 'refused', sentence: 'This server refuses the key.', asks: 'key' }
      const found = Array.from({ length: count }, (_one, at) => foundModel(`model-${at + 1}`))
      return {
        kind: 'found',
        upstream: {
          title: 'Keyed server',
          address: keyedAddress,
          facts: ['2 at once'],
          takesKey: true,
          models: found,
        },
      }
    },
    upstreams: async () =>
      own().length === 0
        ? []
        : [
            {
              address: keyedAddress,
              title: 'Keyed server',
              models: own().map(({ ref }) => ref),
              takesKey: true,
              kind: keys.of(keyedAddress) === rightKey ? 'works' : 'trouble',
              sentence: keys.of(keyedAddress) === rightKey ? 'It answers.' : 'It refuses the key.',
            },
          ],
    state: async () => ({ kind: 'works', sentence: 'It works.' }),
    warmth: () => 'warm',
    health: () => nothingToNote,
    asset: async () => null,
    async *run() {
      yield { type: 'failed', error: 'It runs nothing.' }
    },
    async close() {},
  }
}

function foundModel(id: string): FoundModel {
  const ref = { owner: 'keyed', name: id }
  return {
    id,
    model: modelOf(ref),
    can: id.endsWith('7') ? 'chat, sees pictures' : 'chat',
    isChosen: id === 'model-1' || id === 'model-2',
    keepsName: null,
    source: { provider: 'keyed', id },
    versions: [],
    warmth: 'warm',
    health: nothingToNote,
  }
}

function modelOf(ref: ModelRef): Model {
  const schema = readSchema({
    ...schemasWith({ prompt: { type: 'string' } }),
    Output: { type: 'string' },
  })
  return {
    ...unpresented,
    ref,
    provider: 'keyed',
    description: '',
    version: versionOf({ model: ref, id: 'a'.repeat(64), provider: 'keyed', schema }),
    cover: null,
    readme: null,
    examples: [],
    limits: { copies: 1, timeoutMs: null, rerun: true },
    broken: null,
    undescribed: null,
  }
}
