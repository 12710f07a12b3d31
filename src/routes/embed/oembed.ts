import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { fileAt, type Pixels } from '../../domain/file/file.ts'
import { isId } from '../../domain/id.ts'
import { modelName } from '../../domain/model-ref.ts'
import { nobody } from '../../domain/people/viewer.ts'
import { isSettled, type Prediction } from '../../domain/prediction/prediction.ts'
import type { Paths } from '../../paths.ts'
import { originOf } from '../request/page.tsx'
import { isForEveryone } from '../request/rights.ts'
import { sameOriginPath } from '../request/same-origin.ts'
import { findShare } from '../shares/share-in-path.ts'
import { openEmbedPaths, shareEmbedPaths } from './embed-in-path.ts'

/** The size of a frame, unless less is asked for. */
const frame: Pixels = { width: 640, height: 480 }
const mostPixels = 100_000

/** Says by oEmbed (oembed.com) how programs put a prediction into a page of theirs, by the address of its own page. */
export function oEmbedRoutes(deps: Deps) {
  return new Hono().get('/oembed', async (c) => {
    const { url, format = 'json', maxwidth, maxheight } = c.req.query()
    const width = readPixels(maxwidth)
    const height = readPixels(maxheight)
    if (url === undefined) return c.text('Name the address of a page in url.\n', 400)
    if (format !== 'json') return c.text('There is JSON alone: leave format out.\n', 501)
    if (width === null || height === null)
      return c.text(`maxwidth and maxheight are whole numbers from 1 to ${mostPixels}.\n`, 400)
    const found = await openPage(c, deps, url)
    if (found === 'private') return c.text('This page is not for everyone.\n', 401)
    if (found === null) return c.text('There is no page for everyone at this address.\n', 404)
    return c.json(await describe(c, deps, found, { width, height }))
  })
}

/** A page with a prediction that anyone may see. */
interface OpenPage {
  readonly prediction: Prediction
  /** Those of the prediction inside other pages. */
  readonly paths: Paths
  /** The absolute addresses of its page for frames and of its preview. */
  readonly frame: string
  readonly thumbnail: string | null
}

/** The page at an address. `private`: it asks for a sign-in, whether there is such a prediction or not. */
async function openPage(c: Context, deps: Deps, url: string): Promise<OpenPage | 'private' | null> {
  const path = sameOriginPath(url, c, deps) ?? ''
  const [, kind, id = ''] = /^\/([ps])\/([a-z2-7]{26})$/.exec(path) ?? []
  if (!isId(id)) return null
  return kind === 's' ? sharedPage(c, deps, id) : recordPage(c, deps, id)
}

async function sharedPage(c: Context, deps: Deps, token: string) {
  const found = await findShare(deps, nobody, token)
  if (found.is === 'sign in') return 'private'
  if (found.is !== 'open') return null
  const origin = originOf(c, deps)
  return {
    prediction: found.prediction,
    paths: shareEmbedPaths(deps.paths, origin, token),
    frame: origin + deps.paths.embed(token),
    thumbnail: origin + deps.paths.shareThumbnail(token),
  }
}

async function recordPage(c: Context, deps: Deps, id: string) {
  if (hasPeople(deps.config)) return 'private'
  const prediction = await deps.runner.find(id)
  if (!prediction || !isForEveryone(deps, prediction)) return null
  const origin = originOf(c, deps)
  return {
    prediction,
    paths: openEmbedPaths(deps.paths, origin, prediction.model),
    frame: origin + deps.paths.embeddedResult(id),
    thumbnail: null,
  }
}

type Limits = Readonly<Record<keyof Pixels, number | undefined>>

async function describe(c: Context, deps: Deps, page: OpenPage, most: Limits) {
  const { prediction, paths } = page
  const file = isSettled(prediction) ? fileAt(prediction.output, prediction.files) : null
  const pixels = file && (await deps.files.pixels(file))
  const title = `Made with ${modelName(prediction.model)}`
  const about = {
    version: '1.0',
    title,
    provider_name: 'Sandpit',
    provider_url: originOf(c, deps) + deps.paths.home(),
    ...preview(page, pixels, most),
  }
  // Without such an origin, no page of another one may frame it, or show its picture.
  if (deps.config.embedOrigins.length === 0) return { ...about, type: 'link' }
  if (file && pixels && fits(pixels, most))
    return { ...about, type: 'photo', url: paths.file(file), ...pixels }
  const size = {
    width: Math.min(frame.width, most.width ?? frame.width),
    height: Math.min(frame.height, most.height ?? frame.height),
  }
  const type = file?.type.startsWith('video/') ? 'video' : 'rich'
  const code = html`<iframe src="${page.frame}" title="${title}" width="${size.width}" height="${size.height}" loading="lazy" allowfullscreen></iframe>`
  return { ...about, type, html: String(code), ...size }
}

/** The thumbnail of a share, which is no larger than this either way. */
const mostOfThumbnail = 1_200

function preview({ thumbnail }: OpenPage, pixels: Pixels | null, most: Limits) {
  if (thumbnail === null || pixels === null) return {}
  const scale = Math.min(1, mostOfThumbnail / pixels.width, mostOfThumbnail / pixels.height)
  const width = Math.max(1, Math.round(pixels.width * scale))
  const height = Math.max(1, Math.round(pixels.height * scale))
  if (!fits({ width, height }, most)) return {}
  return { thumbnail_url: thumbnail, thumbnail_width: width, thumbnail_height: height }
}

function fits({ width, height }: Pixels, most: Limits): boolean {
  return width <= (most.width ?? mostPixels) && height <= (most.height ?? mostPixels)
}

/** A number of pixels; undefined when none is given, null for any other text. */
function readPixels(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined
  const pixels = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return pixels > 0 && pixels <= mostPixels ? pixels : null
}
