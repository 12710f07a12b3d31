import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { Reach } from '../../domain/policy.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { createConnectionLimit } from '../panels/connection-limit.ts'
import { createModelOfExample, type ModelOfExample } from './models/model-of-example.ts'

/** The parts that routes of the API are made of: those of all routes, and what the API remembers. */
export interface ApiDeps extends Deps {
  /** The callers that wait for an output. Past the limit, they are answered at once instead. */
  readonly waits: ReturnType<typeof createConnectionLimit>
  /** The model that a version belongs to, by the version’s id: that never changes. */
  readonly modelOfVersion: LRUCache<string, ModelRef>
  /** The model that brings an example, by the example’s id. Models that are not listed are found here. */
  readonly modelOfExample: ModelOfExample
  /** JSON that was written for a prediction as it is. Weak: every change makes a new object. */
  readonly writtenAnswers: WeakMap<Prediction, WrittenAnswer>
}

export interface WrittenAnswer {
  /** Scheme and host of the addresses in it. */
  readonly origin: string
  /** The last day on which they are valid, counted from 1970. */
  readonly day: number
  /** Of which its address of the stream is. */
  readonly reach: Reach
  readonly text: string
}

const mostWaits = { inAll: 10_000, perAddress: 1_000 }
const mostRemembered = 10_000

export function createApiDeps(deps: Deps): ApiDeps {
  return {
    ...deps,
    waits: createConnectionLimit(mostWaits),
    modelOfVersion: new LRUCache({ max: mostRemembered }),
    modelOfExample: createModelOfExample(deps),
    writtenAnswers: new WeakMap(),
  }
}
