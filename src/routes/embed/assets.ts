import { type Context, Hono } from 'hono'
import type { AssetName } from '../../../views/site.ts'
import type { Deps } from '../../deps.ts'
import { accentRule, parseColour } from '../../domain/accent.ts'
import { sendAsset } from '../assets.ts'

/** An hour: pages of others name these files without the hash of their content. */
const freshSeconds = 3_600

/** The script and the stylesheet for pages of others, and the accent of a frame. */
export function embedAssetRoutes({ assets }: Deps) {
  const send = (name: AssetName) => (c: Context) => {
    const asset = assets.find((one) => one.name === name)
    if (!asset) return c.notFound()
    c.header('Cache-Control', `public, max-age=${freshSeconds}`)
    c.header('Cross-Origin-Resource-Policy', 'cross-origin')
    c.header('Access-Control-Allow-Origin', '*')
    return sendAsset(c, asset)
  }
  return new Hono()
    .get('/embed.js', send('embed.js'))
    .get('/embed.css', send('embed.css'))
    .get('/embed/accent.css', (c) => {
      const colour = parseColour(c.req.query('colour') ?? '')
      if (!colour) {
        c.header('Cache-Control', 'no-store')
        return c.text('A colour is six hex digits, such as b5371f.\n', 400)
      }
      c.header('Content-Type', 'text/css; charset=utf-8')
      c.header('Cache-Control', 'public, max-age=31536000, immutable')
      return c.body(accentRule(colour))
    })
}
