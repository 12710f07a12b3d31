import { basename, dirname, isAbsolute } from 'node:path'
import { nothingToNote } from '../../../domain/model/model.ts'
import { foundOne } from '../../model-sources.ts'
import type { Probed } from '../../provider.ts'
import { folderSource } from '../sources.ts'
import type { Describer } from './describe.ts'
import { modelFolderAt } from './folders.ts'

/** Describes the model in a folder on this machine; null when the text is not an absolute path. */
export async function probeFolder(text: string, describe: Describer): Promise<Probed | null> {
  const path = text.trim()
  if (!isAbsolute(path)) return null
  const folder = await modelFolderAt(path)
  if (!folder) return { kind: 'refused', sentence: `There is no model.ts in ${path}.` }
  const { model } = await describe(folder, { owner: basename(dirname(path)) })
  if (model.broken !== null) return { kind: 'refused', sentence: model.broken }
  return foundOne(
    { title: 'TypeScript model', address: null },
    {
      model,
      keepsName: null,
      source: folderSource(path),
      versions: [],
      warmth: 'cold',
      health: nothingToNote,
    },
  )
}
