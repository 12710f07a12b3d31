import { nothingToNote } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import { sameModel } from '../../domain/model-ref.ts'
import type { Provider } from '../provider.ts'
import { unknownModel } from './describe.ts'
import { nameIn, pageHosts } from './probe.ts'

const noToken =
  'To run models at Replicate, set REPLICATE_API_TOKEN to a token of your account there.'

/** Without a token: the models that were added are shown, and say what is missing. */
export function createProviderWithoutToken(
  saved: () => readonly ModelRecord[],
  now: () => number,
): Provider {
  const models = () => saved().map(({ ref }) => unknownModel(ref, noToken, 'nothing', now()))
  return {
    name: 'replicate',
    wantsFiles: false,
    resumes: true,
    models: async () => models(),
    find: async (ref) => models().find((model) => sameModel(model.ref, ref)) ?? null,
    probe: async (text) => (nameIn(text, pageHosts) ? { model: null, sentence: noToken } : null),
    state: async () => ({ kind: 'off', sentence: noToken }),
    warmth: () => 'cold',
    health: () => nothingToNote,
    asset: async () => null,
    async *run() {
      yield { type: 'failed', error: noToken }
    },
    receive: async () => 'unknown',
    async close() {},
  }
}
