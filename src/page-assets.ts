import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type AssetName, assetNames } from '../views/site.ts'
import type { Deps } from './deps.ts'
import type { Paths } from './paths.ts'
import { root } from './root.ts'
import { assetUrls, readAsset, stylesheetOf } from './routes/assets.ts'

/** Reads the files that pages load, and the stylesheet that the first page inlines. */
export function readPageAssets(paths: Paths): Pick<Deps, 'assets' | 'assetUrls' | 'stylesheet'> {
  const assets = assetNames.map((name) => readAsset(name, assetFiles(name)))
  return { assets, assetUrls: assetUrls(assets, paths), stylesheet: stylesheetOf(assets) }
}

/** Scripts of several files, in the order in which they run. */
const scripts: Partial<Readonly<Record<AssetName, readonly string[]>>> = {
  'page.js': [
    'page.js',
    'copy.js',
    'view.js',
    'search-keys.js',
    'answers.js',
    'growing-text.js',
    'focus.js',
    'moments.js',
    'form.js',
    'kept-inputs.js',
    'colour-field.js',
    'file-field.js',
    'pasted-files.js',
    'field-tools.js',
    'upload.js',
  ],
  'mask.js': ['mask.js', 'mask-canvas.js'],
  'record.js': ['record.js', 'recorded-file.js'],
}

function assetFiles(name: AssetName): string[] {
  const inPackage = createRequire(import.meta.url).resolve('htmx.org')
  if (name === 'htmx.js') return [join(dirname(inPackage), 'htmx.min.js')]
  const files = scripts[name] ?? [name]
  return files.map((file) => join(root, 'public', file))
}
