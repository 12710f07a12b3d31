import type { StoredFile } from '../../domain/file/file.ts'
import { isObject, type JsonObject } from '../../domain/json/json.ts'
import { parseJson } from '../../domain/json/parse.ts'
import type { Model, Version } from '../../domain/model/model.ts'
import type { Prediction } from '../../domain/prediction/prediction.ts'
import { lacksSecrets } from '../../domain/schema/secrets.ts'
import type { Provider } from '../../providers/provider.ts'
import type { RunnerOptions } from '../options.ts'
import { fetchInputs } from './input-files.ts'
import type { KeepFile } from './json-spool.ts'

type RunInputOptions = Pick<RunnerOptions, 'store' | 'seal' | 'guard'> & {
  readonly keepFile: KeepFile
}

/** Completes the input of a prediction that is about to run. */
export function createRunInput({ store, seal, guard, keepFile }: RunInputOptions) {
  return {
    /** The version that the prediction was made with; if that is not kept, the model's current one. */
    async versionOf({ version }: Prediction, model: Model): Promise<Version> {
      if (version === model.version.id) return model.version
      return (await store.findVersion(model.ref, version)) ?? model.version
    },

    /** The input with its secrets; null when they cannot be opened. */
    async withSecrets({ id, input }: Prediction, { schema }: Version): Promise<JsonObject | null> {
      if (!lacksSecrets(schema, input)) return input
      const sealed = await store.findSecrets(id)
      const opened = sealed === null ? null : seal.open(sealed)
      const secrets = opened === null ? null : parseJson(opened)
      return secrets !== null && isObject(secrets) ? { ...input, ...secrets } : null
    },

    /** The input with the files at its URLs, if the provider wants files. Throws `InputNotFetched`. */
    async withFiles(
      { input, files, remote }: Prediction,
      { schema }: Version,
      { wantsFiles }: Provider,
      signal: AbortSignal,
    ): Promise<{ readonly input: JsonObject; readonly files: readonly StoredFile[] }> {
      // An upstream that already works on the run has its input.
      if (!wantsFiles || remote !== null) return { input, files }
      const fetched = await fetchInputs(schema, input, { guard, signal, keep: keepFile })
      return { input: fetched.input, files: [...files, ...fetched.files] }
    },
  }
}
