import type { Context } from 'hono'

/** The path of the page whose form was sent, with its query; null when that was not ours. */
export function pathBefore(c: Context): string | null {
  const from = URL.parse(c.req.header('Referer') ?? '')
  if (!from || from.host !== new URL(c.req.url).host || from.pathname.startsWith('//')) return null
  return from.pathname + from.search
}
