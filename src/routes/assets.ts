import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { AssetName } from '../../views/site.ts'
import type { Paths } from '../paths.ts'

/** How a response can be compressed, the best first. */
const encodings = ['br', 'gzip'] as const
type Encoding = (typeof encodings)[number]
type Bytes = Uint8Array<ArrayBuffer>

/** The content of an asset, as it is and in encodings. */
export interface AssetContent extends Partial<Readonly<Record<Encoding, Bytes>>> {
  readonly plain: Bytes
}

/** A file of ours that pages load, under a name with the hash of its content. */
export interface StaticAsset extends AssetContent {
  readonly name: AssetName
  /** `app.3f2a91c07b.css` */
  readonly hashed: string
  readonly type: string
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Names an asset by its content. */
export function assetOf(name: AssetName, content: AssetContent): StaticAsset {
  const hash = createHash('sha256').update(content.plain).digest('hex').slice(0, 10)
  const [stem, ending = ''] = name.split('.')
  const type = types[ending] ?? 'application/octet-stream'
  return { ...content, name, hashed: `${stem}.${hash}.${ending}`, type }
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
  const text = encodeURIComponent(Buffer.from(plain).toString().trim())
  // These mean themselves there, and are shorter.
  return `data:${type},${text.replace(/%(?:20|2C|2F|3A|3D)/g, decodeURIComponent)}`
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

/** They have no page headers: those are half a kilobyte of a first view, and are for documents. */
export function assetRoutes(assets: readonly StaticAsset[]) {
  const byName = new Map(assets.map((asset) => [asset.hashed, asset]))
  return new Hono().get('/assets/:name', (c) => {
    const asset = byName.get(c.req.param('name'))
    if (!asset) return c.notFound()
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('Cross-Origin-Resource-Policy', 'same-origin')
    return sendAsset(c, asset)
  })
}

/** Sends an asset, compressed where the browser takes that. */
export function sendAsset(c: Context, asset: StaticAsset): Response {
  const encoding = encodingFor(asset, c.req.header('Accept-Encoding') ?? '')
  c.header('Content-Type', asset.type)
  c.header('Vary', 'Accept-Encoding')
  c.header('X-Content-Type-Options', 'nosniff')
  if (encoding) c.header('Content-Encoding', encoding)
  return c.body((encoding && asset[encoding]) ?? asset.plain)
}

/** Browsers accept Brotli where nothing between could break it: by https, and on their own machine. */
function encodingFor(asset: StaticAsset, accepted: string): Encoding | undefined {
  const names = accepted.split(',').map((part) => part.split(';')[0]?.trim())
  return encodings.find((encoding) => asset[encoding] && names.includes(encoding))
}
