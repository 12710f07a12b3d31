import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { formatBytes } from '../../views/format.tsx'
import type { AssetName } from '../../views/site.ts'
import type { Paths } from '../paths.ts'

/** A file of ours that pages load, under a name with the hash of its content. */
export interface StaticAsset {
  readonly name: AssetName
  /** `app.3f2a91c07b.css` */
  readonly hashed: string
  readonly type: string
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzipped: Uint8Array<ArrayBuffer>
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Functions that scripts share with pages, as their source: they use nothing outside of themselves. */
const shared: Partial<Record<AssetName, string>> = { 'page.js': `${formatBytes}\n` }

/** Reads an asset from one file, or from several in order: fewer requests make a page faster. */
export function readAsset(name: AssetName, paths: readonly string[]): StaticAsset {
  const text = paths.map((path) => readFileSync(path, 'utf8')).join('')
  const plain = new TextEncoder().encode((shared[name] ?? '') + compact(name, text))
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 10)
  const [stem, ending = ''] = name.split('.')
  return {
    name,
    hashed: `${stem}.${hash}.${ending}`,
    type: types[ending] ?? 'application/octet-stream',
    plain,
    gzipped: new Uint8Array(gzipSync(plain, { level: 9 })),
  }
}

/** A script or stylesheet without indentation and without comments on lines of their own. */
function compact(name: AssetName, text: string): string {
  const flush = text.replace(/^[ \t]+/gm, '')
  if (name !== 'app.css') return flush.replace(/^\/\/.*\n/gm, '')
  return flush
    .replace(/^\/\*.*\*\/\n/gm, '')
    .replace(/([{};,])[ \n]/g, '$1')
    .replace(/[ \n]([{};,])/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}')
}

/** The URL of each asset, by its name in `public`. */
export function assetUrls(assets: readonly StaticAsset[], paths: Paths): Record<AssetName, string> {
  return Object.fromEntries(
    assets.map((asset) => [asset.name, isSmall(asset) ? inPage(asset) : paths.asset(asset.hashed)]),
  ) as Record<AssetName, string>
}

/** A small picture is a data URI in the page, which saves a request. */
function isSmall({ type, plain }: StaticAsset): boolean {
  return type.startsWith('image/') && plain.length < 512
}

function inPage({ type, plain }: StaticAsset): string {
  return `data:${type},${encodeURIComponent(Buffer.from(plain).toString().trim())}`
}

/** Our stylesheet, for the first page of ours that a browser opens: that includes it. */
export interface Stylesheet {
  readonly text: string
  /** Identifies the version that a browser has. */
  readonly hash: string
  /** Its source in a Content-Security-Policy. */
  readonly source: string
}

export function stylesheetOf(assets: readonly StaticAsset[]): Stylesheet | null {
  const asset = assets.find(({ name }) => name === 'app.css')
  if (!asset) return null
  const hash = createHash('sha256').update(asset.plain).digest('base64')
  const text = Buffer.from(asset.plain).toString()
  return { text, hash: hash.slice(0, 10), source: `'sha256-${hash}'` }
}

export function assetRoutes(assets: readonly StaticAsset[]) {
  const byName = new Map(assets.map((asset) => [asset.hashed, asset]))
  return new Hono().get('/assets/:name', (c) => {
    const asset = byName.get(c.req.param('name'))
    if (!asset) return c.notFound()
    const gzip = /\bgzip\b/.test(c.req.header('Accept-Encoding') ?? '')
    c.header('Content-Type', asset.type)
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('Vary', 'Accept-Encoding')
    if (gzip) c.header('Content-Encoding', 'gzip')
    return c.body(gzip ? asset.gzipped : asset.plain)
  })
}
