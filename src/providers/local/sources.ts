import { z } from 'zod'
import type { ModelSource } from '../../domain/model/record.ts'
import { foundSource, type ModelSources, type ProbeText, sourceField } from '../model-sources.ts'

/** The model folder of a source, as an absolute path; null for a source of another provider. */
export function folderOf(source: ModelSource | null): string | null {
  return source?.provider === 'local' && typeof source.folder === 'string' ? source.folder : null
}

export function folderSource(folder: string): ModelSource {
  return { provider: 'local', folder }
}

const folderSchema = z
  .string()
  .max(4_000)
  .describe('The absolute path of a model folder on the server.')

/** Models in folders that operators name. */
export function createLocalSources(probe: ProbeText): ModelSources {
  return {
    hint: {
      title: 'TypeScript',
      noun: 'the path of a model folder',
      text: 'The path of a folder that contains a `model.ts`, on the server. Models in the `SANDPIT_MODELS` folders are found automatically.',
    },
    fields: {
      folder: sourceField(folderSchema, async (folder) =>
        foundSource(await probe(folder), 'This is not the absolute path of a model folder'),
      ),
    },
    urls: () => [],
    add({ source, kept }) {
      const before = folderOf(kept)
      if (before !== null && before === folderOf(source)) return { source }
      return { replaces: before === null ? [] : [before] }
    },
  }
}
