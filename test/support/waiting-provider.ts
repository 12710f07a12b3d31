import { setTimeout as delay } from 'node:timers/promises'
import type { JsonObject } from '../../src/domain/json/json.ts'
import { type Model, nothingToNote, unpresented } from '../../src/domain/model/model.ts'
import { type ModelRef, sameModel } from '../../src/domain/model-ref.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import type { Provider, Run } from '../../src/providers/provider.ts'
import { schemasWith, versionOf } from './domain.ts'

export interface WaitingModel {
  readonly name: string
  readonly copies: number
  readonly rerun?: boolean
  /** Of its version: one character. */
  readonly version?: string
  /** The schemas of its inputs; `ms` alone when left out. */
  readonly inputs?: JsonObject
}

export interface WaitingProviderOptions {
  /** Those that are taken out are gone. */
  readonly models: readonly WaitingModel[]
  /** Whether each server has copies of its own. */
  readonly runsHere: boolean
  /** Whether a run fails. */
  readonly fails?: (run: Run) => boolean
  /** Told when a run begins. */
  readonly began?: (run: Run) => void
}

/** A provider without processes: each of its models waits for `ms` and gives back how long. */
export function createWaitingProvider(options: WaitingProviderOptions): Provider {
  const known = new Map(options.models.map((model) => [model, modelOf(model)]))
  const models = () => options.models.flatMap((model) => known.get(model) ?? [])
  const find = (ref: ModelRef) => models().find((model) => sameModel(model.ref, ref)) ?? null

  return {
    name: 'waiting',
    label: 'Waiting',
    title: 'Waiting models',
    origin: 'it is in a test',
    wantsFiles: false,
    resumes: false,
    runsHere: options.runsHere,
    models: async () => models(),
    find: async (ref) => find(ref),
    probe: async () => ({ kind: 'other', sentence: 'There is none.', isAway: true }),
    state: async () => ({ kind: 'works', sentence: 'It works.' }),
    warmth: () => 'warm',
    health: () => nothingToNote,
    asset: async () => null,
    async *run(run) {
      const ms = Number(run.input.ms ?? 0)
      options.began?.(run)
      yield { type: 'started' }
      await delay(ms, undefined, { signal: run.signal })
      if (options.fails?.(run)) {
        yield { type: 'failed', error: 'It was told to fail.' }
        return
      }
      yield { type: 'emitted', index: 0, chunks: [`waited ${ms}`] }
      yield { type: 'succeeded' }
    },
    async close() {},
  }
}

function modelOf({ name, copies, rerun = true, version = 'a', inputs }: WaitingModel): Model {
  const ref = { owner: 'test', name }
  const schema = readSchema({
    ...schemasWith(inputs ?? { ms: { type: 'integer' } }),
    Output: { type: 'string' },
  })
  return {
    ...unpresented,
    ref,
    provider: 'waiting',
    description: 'Waits.',
    version: versionOf({ model: ref, id: version.repeat(64), provider: 'waiting', schema }),
    cover: null,
    readme: null,
    examples: [],
    limits: { copies, timeoutMs: null, rerun },
    broken: null,
    undescribed: null,
  }
}
