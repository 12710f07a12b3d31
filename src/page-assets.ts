import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { toolParts } from '../views/fields/tools/script-parts.tsx'
import { formatBytes } from '../views/format.tsx'
import { type AssetName, assetNames } from '../views/site.ts'
import type { Deps } from './deps.ts'
import type { Paths } from './paths.ts'
import { isBuilt, root } from './root.ts'
import { type AssetContent, assetOf, assetUrls, stylesheetOf } from './routes/assets.ts'

/** Reads the files that pages load, and the stylesheet that the first page inlines. */
export function readPageAssets(paths: Paths): Pick<Deps, 'assets' | 'assetUrls' | 'stylesheet'> {
  const read = isBuilt ? builtContent : sourceContent
  const assets = assetNames.map((name) => assetOf(name, read(name)))
  return { assets, assetUrls: assetUrls(assets, paths), stylesheet: stylesheetOf(assets) }
}

/** Where the build writes the assets: minified, and compressed beside each. */
export const builtAssets = join(root, 'dist/public')

function builtContent(name: AssetName): AssetContent {
  const file = join(builtAssets, name)
  return {
    plain: readFileSync(file),
    gzip: readFileSync(`${file}.gz`),
    br: readFileSync(`${file}.br`),
  }
}

function sourceContent(name: AssetName): AssetContent {
  const plain = Buffer.from(assetText(name))
  return { plain, gzip: gzipSync(plain) }
}

/** Assets of several files, in the order in which they run: fewer requests make a page faster. */
const parts: Partial<Readonly<Record<AssetName, readonly string[]>>> = {
  'page.js': [
    'htmx.js',
    'live.js',
    'page.js',
    'search-keys.js',
    'answers.js',
    'run-answer.js',
    'growing-text.js',
    'conversation.js',
    'focus.js',
    'moments.js',
    'form.js',
    'kept-inputs.js',
    'colour-field.js',
    'signed-in.js',
    'first-use.js',
    'upload.js',
  ],
  'more.js': [
    'copy.js',
    'view.js',
    'file-field.js',
    'pasted-files.js',
    'field-tools.js',
    'sent-form.js',
  ],
  'mask.js': ['mask.js', 'mask-canvas.js'],
  'record.js': ['record.js', 'recorded-file.js'],
}

/** Source that scripts share with pages. Its functions use nothing outside of themselves. */
const shared: Partial<Record<AssetName, () => string>> = {
  'more.js': () => `${formatBytes}\n${toolParts()}`,
}

/** The text of an asset from its sources, with comments and indentation. */
export function assetText(name: AssetName): string {
  const texts = (parts[name] ?? [name]).map((file) => readFileSync(sourceOf(file), 'utf8'))
  const text = [shared[name]?.() ?? '', ...texts].join('')
  if (name === 'app.css') return compactStyle(text)
  // Its parts share variables, which others do not see.
  return name === 'page.js' ? `{\n${text}}\n` : text
}

function sourceOf(file: string): string {
  if (file !== 'htmx.js') return join(root, 'public', file)
  const inPackage = createRequire(import.meta.url).resolve('htmx.org')
  return join(dirname(inPackage), 'htmx.min.js')
}

/** A stylesheet without comments on lines of their own, and without most of its spaces. */
function compactStyle(text: string): string {
  return text
    .replace(/^[ \t]+/gm, '')
    .replace(/^\/\*.*\*\/\n/gm, '')
    .replace(/([{};,])[ \n]/g, '$1')
    .replace(/[ \n]([{};,])/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
}
