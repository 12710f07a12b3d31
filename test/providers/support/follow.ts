import { randomBytes } from 'node:crypto'
import type { StoredFile } from '../../../src/domain/file/file.ts'
import { newId } from '../../../src/domain/id.ts'
import type { JsonObject } from '../../../src/domain/json/json.ts'
import type { Version } from '../../../src/domain/model/model.ts'
import type { ModelRef } from '../../../src/domain/model-ref.ts'
import { apply } from '../../../src/domain/prediction/apply.ts'
import type { Occurrence } from '../../../src/domain/prediction/event.ts'
import { newPrediction, type Prediction } from '../../../src/domain/prediction/prediction.ts'
import type { Files } from '../../../src/files/files.ts'
import type { Provider, Run } from '../../../src/providers/provider.ts'
import { createOccurrenceFilter } from '../../../src/runner/run/occurrence-filter.ts'

export interface FollowOptions {
  readonly signal?: AbortSignal
  /** The stored files that the input refers to. */
  readonly files?: readonly StoredFile[]
  /** Further members of the run. */
  readonly given?: Partial<
    Pick<Run, 'id' | 'remote' | 'known' | 'callbackUrl' | 'deadline' | 'keepFile'>
  >
  /** Called, and waited for, before the next is asked for; answers false to stop listening. */
  readonly each?: (occurrence: Occurrence, prediction: Prediction) => unknown
}

export interface Followed {
  /** As the lifecycle says after the last occurrence. */
  readonly prediction: Prediction
  readonly occurrences: readonly Occurrence[]
  /** The output after each occurrence that changed it. */
  readonly outputs: readonly Prediction['output'][]
}

/** Runs a model by name and applies what happens, as the runner does. */
export async function follow(
  provider: Provider,
  store: Files,
  ref: ModelRef,
  input: JsonObject,
  options: FollowOptions = {},
): Promise<Followed> {
  const model = await provider.find(ref)
  if (!model) throw new Error(`There is no model ${ref.owner}/${ref.name}`)
  return followVersion(provider, store, model.version, input, options)
}

export async function followVersion(
  provider: Provider,
  store: Files,
  version: Version,
  input: JsonObject,
  options: FollowOptions = {},
): Promise<Followed> {
  const { signal = new AbortController().signal, files = [], each = () => true } = options
  let prediction = startingPrediction(version, input, files)
  const occurrences: Occurrence[] = []
  const outputs: Prediction['output'][] = []
  const run: Run = {
    id: prediction.id,
    deployment: null,
    attempt: 1,
    remote: null,
    known: { chunks: 0, units: 0, logs: 0 },
    callbackUrl: null,
    fileUrl: () => null,
    runModel: async () => ({ ok: false, error: 'There are no other models.' }),
    deadline: Date.now() + 60_000,
    version,
    input,
    files,
    signal,
    copyFile: (file, path) => store.copyTo(file.sha256, path),
    async keepFile(content, name, ref = newId(randomBytes(16))) {
      return { ...(await store.put(content, 2 ** 30)), ref, name }
    },
    ...options.given,
  }
  const { push } = createOccurrenceFilter([])
  for await (const said of provider.run(run)) {
    let wanted = true
    for (const occurrence of push(said)) {
      const next = apply(prediction, { ...occurrence, at: occurrences.length })
      if (next.output !== prediction.output) outputs.push(next.output)
      prediction = next
      occurrences.push(occurrence)
      wanted = (await each(occurrence, prediction)) !== false && wanted
    }
    if (!wanted) break
  }
  return { prediction, occurrences, outputs }
}

function startingPrediction(
  version: Version,
  input: JsonObject,
  files: readonly StoredFile[],
): Prediction {
  return newPrediction({
    id: newId(randomBytes(16)),
    model: version.model,
    version: version.id,
    provider: version.provider,
    input,
    iterates: version.schema.output.iterator,
    files,
    createdAt: 0,
    source: 'api',
    createdBy: 'a test',
  })
}
