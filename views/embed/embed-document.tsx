import { raw } from 'hono/html'
import type { Child, PropsWithChildren } from 'hono/jsx'
import { htmxConfig } from '../layout.tsx'
import { type Theme, useSite } from '../site.ts'

/** How a frame is to look, as the page around it asks. */
export interface EmbedLook {
  /** Null follows the system. */
  readonly theme: Theme | null
  /** Six hex digits; null for our own accent. */
  readonly accent: string | null
}

interface EmbedDocumentProps {
  readonly title: string
  readonly look: EmbedLook
  readonly head?: Child
}

/** The HTML document of a page for frames: without the head and foot of the site. */
export function EmbedDocument(props: PropsWithChildren<EmbedDocumentProps>) {
  const { title, look, head, children } = props
  const { assets, paths } = useSite()
  return (
    <>
      {raw('<!doctype html>')}
      <html lang='en' {...(look.theme ? { 'data-theme': look.theme } : {})}>
        <head>
          <meta charset='utf-8' />
          <meta name='viewport' content='width=device-width, initial-scale=1' />
          <title>{title} · Sandpit</title>
          <link rel='icon' href={assets['sandpit.svg']} />
          <script src={assets['page.js']} defer data-more={assets['more.js']} />
          <script src={assets['frame.js']} defer />
          <link rel='stylesheet' href={assets['app.css']} />
          {look.accent !== null && <link rel='stylesheet' href={paths.embedAccent(look.accent)} />}
          <meta name='robots' content='noindex' />
          <meta name='htmx-config' content={htmxConfig} />
          {head}
        </head>
        <body class='embed'>
          <main id='main'>{children}</main>
        </body>
      </html>
    </>
  )
}

interface EmbedMessageProps {
  readonly title: string
  readonly text: string
  /** Where it works, for those who sign in there. */
  readonly elsewhere?: { readonly address: string; readonly label: string }
}

/** Why there is nothing to show. */
export function EmbedMessage({ title, text, elsewhere }: EmbedMessageProps) {
  return (
    <div class='failure' role='alert'>
      <h2>{title}</h2>
      <p>{text}</p>
      {elsewhere && (
        <p>
          <a class='button' href={elsewhere.address} target='_blank' rel='noopener' data-then-again>
            {elsewhere.label}
          </a>
        </p>
      )}
    </div>
  )
}
