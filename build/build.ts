/**
 * Builds the server into `dist`: `npm run build`. Each program becomes one file and the chunks that it
 * imports when they are needed.
 * @module
 */
import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, type RolldownOutput } from 'rolldown'
import { describeModels, forgetModels } from './models.ts'
import { programs } from './programs.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** Not bundled: it loads a binary from its own folder. */
const external = ['sharp']

/** What describes models; its name changes with it, and with what it imports. */
const codeOfCopies = 'chunks/conversation-'

const written = await Promise.all(programs.map(bundle))
const removed = removeAllBut(
  written.flatMap(({ output }) => output.map(({ fileName }) => fileName)),
)
if (removed.length > 0) rmSync(join(dist, 'compile-cache'), { recursive: true, force: true })
if (removed.some((name) => name.startsWith(codeOfCopies))) forgetModels()
await describeModels()

/** Bundles the entries of a program, which share their modules. */
function bundle(entries: readonly string[]): Promise<RolldownOutput> {
  return build({
    cwd: root,
    input: Object.fromEntries(entries.map((name) => [`src/${name}`, `src/${name}.ts`])),
    platform: 'node',
    external,
    transform: { target: 'node24' },
    output: {
      dir: dist,
      sourcemap: true,
      sourcemapExcludeSources: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
  })
}

/**
 * Removes what earlier builds wrote, and answers its names. What has not changed stays in place all the
 * time, for a server that uses it.
 */
function removeAllBut(names: readonly string[]): readonly string[] {
  const kept = new Set(names)
  const files = globSync('{src,views,chunks}/**/*.{js,map}', { cwd: dist })
  const old = files.filter((name) => !kept.has(name))
  for (const name of old) rmSync(join(dist, name))
  return old
}
