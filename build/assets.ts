/**
 * Writes the stylesheet and the scripts into `dist/public`: minified, and compressed beside each.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { minifySync } from 'rolldown/utils'
import { assetText, builtAssets } from '../src/page-assets.ts'
import { type AssetName, assetNames } from '../views/site.ts'

mkdirSync(builtAssets, { recursive: true })
for (const name of assetNames) {
  const content = Buffer.from(minified(name))
  const file = join(builtAssets, name)
  writeFileSync(file, content)
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(content))
}

function minified(name: AssetName): string {
  const text = assetText(name)
  if (!name.endsWith('.js')) return text
  const { code, errors } = minifySync(name, text, { module: name !== 'page.js' })
  if (errors[0]) throw new Error(`${name}: ${errors[0].message}`)
  return code
}
