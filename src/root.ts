import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const above = resolve(import.meta.dirname, '..')

/** The folder of the package, for code that runs from `src` or from `dist/src`. */
export const root = existsSync(join(above, 'package.json')) ? above : resolve(above, '..')
