import { realpathSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where the source of an earlier version is kept, and where its model is now; both end with a slash. */
let kept: { readonly source: string; readonly home: string } | null = null

/** Lets the modules of this process import some names from us, wherever they are. */
export function offerModules(entries: ReadonlyMap<string, string>): void {
  registerHooks({
    resolve(specifier, context, next) {
      const own = entries.get(specifier)
      if (own !== undefined || kept === null) return next(own ?? specifier, context)
      const { source, home } = kept
      const { parentURL } = context
      if (!parentURL?.startsWith(source)) return atSource(next(specifier, context))
      const isRelative = /^\.{1,2}(?:\/|$)/.test(specifier)
      if (isRelative && new URL(specifier, parentURL).href.startsWith(source))
        return next(specifier, context)
      // Packages, and files outside of the folder, are found from where the model is.
      const parent = home + parentURL.slice(source.length)
      return atSource(next(specifier, { ...context, parentURL: parent }))
    },
  })
}

/** From now on, the modules of this folder find what is not in it from where their model is now. */
export function importAsFrom(home: string, source: string): void {
  kept = { source: folderUrl(source), home: folderUrl(home) }
}

/** A module of the model's folder is that of the version. */
function atSource<T extends { readonly url: string }>(resolved: T): T {
  if (!kept || resolved.url.startsWith(kept.source)) return resolved
  if (!resolved.url.startsWith(kept.home)) return resolved
  const path = resolved.url.slice(kept.home.length)
  const isPackage = path.split('/').includes('node_modules')
  return isPackage ? resolved : { ...resolved, url: kept.source + path }
}

/** The address of a folder as Node names the modules in it: without symbolic links. */
function folderUrl(path: string): string {
  return pathToFileURL(realpathSync(path) + sep).href
}
