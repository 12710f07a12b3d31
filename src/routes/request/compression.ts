import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context, MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import { parseAccept } from 'hono/utils/accept'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { PageEncoding } from '../kept/kept-page.ts'
import { requestHeader } from './connection.ts'

/** In bytes. Smaller answers that are no pages fit into the first packets, and compressing takes about 1 ms. */
export const compressedFrom = 8 * 1024

export const htmlType = 'text/html; charset=UTF-8'

/**
 * Compresses what is not HTML. Not files, which have lengths and ranges, and not panels, which are
 * small.
 */
export function compressedAnswers(): MiddlewareHandler {
  const compressed = compress({ threshold: compressedFrom })
  const asIs = /\/(?:files|assets)\/|\/(?:panel|thumbnail\.jpg)$/
  return (c, next) => {
    const asked = c.req.header('Accept-Encoding') !== undefined
    return asked && !asIs.test(c.req.path) ? compressed(c, next) : next()
  }
}

const gzipped = promisify(gzip)

/**
 * Sends HTML, compressed if its reader takes that: in a thread of Node’s, and with half the work of the
 * streams of the middleware.
 */
export async function sendHtml(c: Context, html: string, status: ContentfulStatusCode) {
  c.header('Vary', 'Accept-Encoding', { append: true })
  if (pageEncoding(c) !== 'gzip') return c.html(html, status)
  c.header('Content-Encoding', 'gzip')
  return c.body(await gzipped(html), status, { 'Content-Type': htmlType })
}

/** The encoding of a page for a request. */
export function pageEncoding(c: Context): PageEncoding {
  const accepted = parseAccept(requestHeader(c, 'accept-encoding') ?? '')
  const named = accepted.find(({ type }) => type.toLowerCase() === 'gzip')
  const any = accepted.find(({ type }) => type === '*')
  return (named ?? any ?? { q: 0 }).q > 0 ? 'gzip' : 'identity'
}
