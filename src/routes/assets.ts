import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { formatBytes } from '../../views/format.ts'
import type { AssetName } from '../../views/site.ts'
import type { Paths } from '../paths.ts'

/** A file of our own that pages load, under a name that changes with its content. */
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

/** What our scripts have in common with our pages: functions that stand alone, as their source. */
const shared: Partial<Record<AssetName, string>> = { 'page.js': `${formatBytes}\n` }

/** An asset of one file or of several, one after the other: each request that a page does without counts. */
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

/** Our own sheets and scripts without what they do not need: indentation, and comments on lines of their own. */
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

/** Where each asset is, by its plain name. */
export function assetUrls(assets: readonly StaticAsset[], paths: Paths): Record<AssetName, string> {
  return Object.fromEntries(
    assets.map((asset) => [asset.name, isSmall(asset) ? inPage(asset) : paths.asset(asset.hashed)]),
  ) as Record<AssetName, string>
}

/** A picture as small as its own address would be is part of the page: one request less. */
function isSmall({ type, plain }: StaticAsset): boolean {
  return type.startsWith('image/') && plain.length < 512
}

function inPage({ type, plain }: StaticAsset): string {
  return `data:${type},${encodeURIComponent(Buffer.from(plain).toString().trim())}`
}

/** Our stylesheet, to be part of a page that is the first of ours a browser opens. */
export interface Stylesheet {
  readonly text: string
  /** Tells one that a browser has from another. */
  readonly hash: string
  /** What a Content-Security-Policy allows it by. */
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
