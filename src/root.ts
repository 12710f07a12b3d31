import { findPackageJSON } from 'node:module'
import { dirname, extname, join } from 'node:path'

/** The folder of the package, for code that runs from `src` or from `dist`. */
export const root = dirname(findPackageJSON(import.meta.url) ?? import.meta.dirname)

/** Whether this is the build, not the sources. */
export const isBuilt = extname(import.meta.url) === '.js'

/** The folder for what Node compiled of the build; null for sources, which change. */
export const compileCache = isBuilt ? join(root, 'dist/compile-cache') : null

let startsBuild = isBuilt

/** From now on, sources start the programs of the build too: they start sooner, but may be older. */
export function startBuild(): void {
  startsBuild = true
}

/** Whether the processes and workers that we start are those of the build. */
export function usesBuild(): boolean {
  return startsBuild
}

/**
 * The file of a module that a process or a worker of ours starts with, by its path in `src` without the
 * extension. Each is an entry of the build.
 */
export function entryFile(name: string): string {
  return startsBuild ? join(root, 'dist/src', `${name}.js`) : join(root, 'src', `${name}.ts`)
}
