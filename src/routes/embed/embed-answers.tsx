import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import {
  EmbedDocument,
  type EmbedLook,
  EmbedMessage,
} from '../../../views/embed/embed-document.tsx'
import { themes } from '../../../views/site.ts'
import type { Deps } from '../../deps.ts'
import { parseColour } from '../../domain/accent.ts'
import type { Paths } from '../../paths.ts'
import { sendHtml } from '../request/compression.ts'
import { pageHeaders } from '../request/guards.ts'
import { fragment, render, sandpitHeader } from '../request/page.tsx'
import type { RefusedEmbed } from './embed-in-path.ts'

type Status = Parameters<typeof sendHtml>[2]

interface EmbedPage {
  /** Before ` · Sandpit` in the title. */
  readonly title: string
  readonly content: Child
  readonly head?: Child
  /** The origins whose pages may frame it. */
  readonly origins: readonly string[]
  readonly paths: Paths
  readonly status: Status
}

/** Sends a page for frames. It brings no cookie. */
export async function sendEmbedPage(c: Context, deps: Deps, sent: EmbedPage): Promise<Response> {
  await pageHeaders(deps.config, null, sent.origins)(c, async () => {})
  c.header('Cache-Control', 'private, no-store')
  c.header('X-Robots-Tag', 'noindex')
  c.header(sandpitHeader, 'page')
  const { title, head, content, paths } = sent
  const html = await render(
    c,
    { ...deps, paths, stylesheet: null },
    <EmbedDocument title={title} look={lookIn(c)} head={head}>
      {content}
    </EmbedDocument>,
  )
  return sendHtml(c, html, sent.status)
}

/** Says why there is nothing to show: as a page, or as a fragment to htmx and to pages of others. */
export function sendRefusal(c: Context, deps: Deps, refusal: RefusedEmbed) {
  const { status, title } = refusal
  const message = <EmbedMessage {...refusal} />
  if (asksForFragment(c)) return fragment(c, deps, message, swappedStatus(c, status))
  return sendEmbedPage(c, deps, {
    title,
    content: message,
    origins: deps.config.embedOrigins,
    paths: deps.paths,
    status,
  })
}

/** The headers of answers that pages of others may read. htmx 2 asks for all of its own, and reports each that it may not read. */
export const readableHeaders = [
  ...['HX-Retarget', 'HX-Reswap', 'HX-Reselect', 'HX-Location', 'HX-Redirect', 'HX-Refresh'],
  ...['HX-Push', 'HX-Push-Url', 'HX-Replace-Url'],
  ...['HX-Trigger', 'HX-Trigger-After-Swap', 'HX-Trigger-After-Settle'],
  'Retry-After',
]

/** Whether htmx of any version sends the request. */
export function asksForFragment(c: Context): boolean {
  return c.req.header('HX-Request') === 'true'
}

/** htmx 2, which names no type of its requests, swaps in nothing that comes with an error. */
export function swappedStatus<Status extends number>(c: Context, status: Status): Status | 200 {
  return asksForFragment(c) && c.req.header('HX-Request-Type') === undefined ? 200 : status
}

/** The theme and the accent in the query. */
export function lookIn(c: Context): EmbedLook {
  const { theme, accent = '' } = c.req.query()
  const chosen = themes.find((one) => one === theme) ?? null
  const colour = parseColour(accent) === null ? null : accent.replace('#', '').toLowerCase()
  return { theme: chosen, accent: colour }
}

/** An address of a frame, with the theme and the accent in its query. */
export function withLook(c: Context, address: string): string {
  const { theme, accent } = lookIn(c)
  const query = new URLSearchParams({
    ...(theme === null ? {} : { theme }),
    ...(accent === null ? {} : { accent }),
  })
  if (query.size === 0) return address
  return `${address}${address.includes('?') ? '&' : '?'}${query}`
}
