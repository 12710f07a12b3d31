import { join } from 'node:path'
import { root } from '../../../root.ts'

/** Its number grows when the shape of a cached description changes. */
export const descriptionsFolder = 'descriptions-1'

/** The descriptions that the build makes of the models that come with Sandpit. */
export const builtDescriptions = join(root, 'dist', descriptionsFolder)

/** The file of the description of a source with this hash. */
export function descriptionFile(folder: string, hash: string): string {
  return join(folder, `${hash}.json`)
}
