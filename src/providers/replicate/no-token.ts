import { nothingToNote } from '../../domain/model/model.ts'
import type { ModelRecord } from '../../domain/model/record.ts'
import { sameModel } from '../../domain/model-ref.ts'
import type { ProbeText } from '../model-sources.ts'
import type { Provider } from '../provider.ts'
import { unknownModel } from './models/describe.ts'
import { nameIn, pageHosts } from './models/probe.ts'
import { createReplicateSources } from './sources.ts'

const noToken =
  'To run models at Replicate, set REPLICATE_API_TOKEN to a token of your account there.'

export const replicateNames = {
  name: 'replicate',
  label: 'Replicate',
  title: 'Replicate',
  origin: 'it is at Replicate',
}

/** Shows the models that were added, each broken with the sentence that says what to set. */
export function createProviderWithoutToken(
  saved: () => readonly ModelRecord[],
  now: () => number,
): Provider {
  const models = () => saved().map(({ ref }) => unknownModel(ref, noToken, 'nothing', now()))
  const probe: ProbeText = async (text) =>
    nameIn(text, pageHosts) ? { kind: 'refused', sentence: noToken } : null
  return {
    ...replicateNames,
    sources: createReplicateSources(probe),
    wantsFiles: false,
    resumes: true,
    runsHere: false,
    versionsElsewhere: true,
    models: async () => models(),
    find: async (ref) => models().find((model) => sameModel(model.ref, ref)) ?? null,
    probe: ({ text }) => probe(text),
    state: async () => ({ kind: 'off', sentence: noToken }),
    warmth: () => 'cold',
    health: () => nothingToNote,
    asset: async () => null,
    async *run() {
      yield { type: 'failed', error: noToken }
    },
    async close() {},
  }
}
