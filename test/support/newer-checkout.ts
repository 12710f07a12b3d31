import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../src/root.ts'
import { temporaryFolder } from './run-folder.ts'

const list = /^((?:const|var) migrations = \{)$/m

/** A migration as a release may bring one: it only adds, to a table that every run uses. */
const migration = `
  '999-newer': {
    async up(db) {
      await db.schema.alterTable('predictions').addColumn('newer', 'text').execute()
      await db.schema.alterTable('versions').addColumn('newer', 'integer').execute()
      await db.schema.createIndex('predictions_newer').on('predictions').column('newer').execute()
    },
  },`

/** The folder of this build with one more migration: the Sandpit of the next release. */
export function newerCheckout(): string {
  const folder = temporaryFolder('sandpit-newer-')
  for (const name of ['node_modules', 'models', 'public'])
    symlinkSync(join(root, name), join(folder, name))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  const [file, ...others] = globSync('dist/chunks/migrations-*.js', { cwd: folder })
  if (file === undefined || others.length > 0)
    throw new Error('The build has its migrations elsewhere')
  const text = readFileSync(join(folder, file), 'utf8')
  if (!list.test(text)) throw new Error('The build has another list of migrations')
  writeFileSync(join(folder, file), text.replace(list, `$1${migration}`))
  return folder
}
