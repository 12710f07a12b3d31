import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './run-folder.ts'

/** A folder of model folders, from the text of each `model.ts`. Outside the tree, as a team's is. */
export function writeModels(sources: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('sandpit-models-')
  for (const [name, source] of Object.entries(sources)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'model.ts'), source)
  }
  return folder
}

/** The source of a model that gives back its text. */
export const echo = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/echo', description: 'Says it again.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`
