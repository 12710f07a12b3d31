import { raw } from 'hono/html'
import type { Child, PropsWithChildren } from 'hono/jsx'
import { capitalized } from './format.tsx'
import { SearchField } from './search-field.tsx'
import { themes, useSite } from './site.ts'

interface LayoutProps {
  /** Before ` · Sandpit` in the title. */
  readonly title: string
  /** The entry of the navigation that is current. */
  readonly current?: 'explore' | 'predictions' | 'compare' | 'settings' | 'account' | undefined
  /** More for the document's head. */
  readonly head?: Child
}

/** The HTML document of a page. */
export function Layout({ title, current, head, children }: PropsWithChildren<LayoutProps>) {
  const { theme, assets } = useSite()
  return (
    <>
      {raw('<!doctype html>')}
      <html lang='en' {...(theme ? { 'data-theme': theme } : {})}>
        <head>
          <meta charset='utf-8' />
          <meta name='viewport' content='width=device-width, initial-scale=1' />
          <title>{title} · Sandpit</title>
          <link rel='icon' href={assets['sandpit.svg']} />
          {/* Nothing is painted before the head of the page is there: an empty page first takes longer. */}
          <link rel='expect' href={`#${headId}`} blocking='render' />
          {/* Before the stylesheet, so that it is asked for as soon as the first bytes are there. */}
          <script src={assets['page.js']} defer data-more={assets['more.js']} />
          <Style />
          <meta name='htmx-config' content={htmxConfig} />
          {head}
        </head>
        <body>
          <a class='skip' href='#main'>
            Skip to content
          </a>
          <SiteHead current={current} />
          <main id='main'>{children}</main>
          <SiteFoot />
        </body>
      </html>
    </>
  )
}

const headId = 'site-head'

/**
 * The stylesheet. The first page includes it, which saves a round trip before the first paint. Later
 * pages link to it: `public/page.js` loads it into the cache on the first interaction.
 */
function Style() {
  const { stylesheet, assets } = useSite()
  const href = assets['app.css']
  if (stylesheet === null) return <link rel='stylesheet' href={href} />
  return raw(`<style data-href='${href}'>${stylesheet}</style>`)
}

// `prefix` turns off `data-hx-` attributes, which HTML from a model could contain. No settling: it
// copies style attributes, such as the height of a resized textarea, which our CSP forbids.
export const htmxConfig = JSON.stringify({
  prefix: '',
  morphIgnore: ['data-htmx-powered', 'open'],
  noSwap: [204, 304],
  defaultSettleDelay: 0,
  history: 'reload',
})

function SiteHead({ current }: { current: LayoutProps['current'] }) {
  const { paths, operator, person, guest, signIn } = useSite()
  if (guest)
    return (
      <header class='site-head' id={headId}>
        <span class='brand'>
          <Pit filled /> Sandpit
        </span>
        {signIn !== null && (
          <nav aria-label='Site'>
            <a href={signIn}>Sign in</a>
          </nav>
        )}
      </header>
    )
  return (
    <header class='site-head' id={headId}>
      <a class='brand' href={paths.home()}>
        <Pit filled /> Sandpit
      </a>
      {current !== 'explore' && (
        <form class='site-search' role='search' action={paths.home()}>
          <SearchField placeholder='Search models' />
        </form>
      )}
      <nav aria-label='Site'>
        <a href={paths.home()} aria-current={current === 'explore' ? 'page' : undefined}>
          Explore
        </a>
        <a href={paths.predictions()} aria-current={current === 'predictions' ? 'page' : undefined}>
          Predictions
        </a>
        <a
          class='wide'
          href={paths.compare()}
          aria-current={current === 'compare' ? 'page' : undefined}
        >
          Compare
        </a>
        {operator && (
          <a href={paths.settings()} aria-current={current === 'settings' ? 'page' : undefined}>
            Settings
          </a>
        )}
        {person !== null && (
          <a href={paths.account()} aria-current={current === 'account' ? 'page' : undefined}>
            {person}
          </a>
        )}
      </nav>
    </header>
  )
}

function SiteFoot() {
  const { host, theme, paths, guest, signsOut } = useSite()
  if (guest)
    return (
      <footer class='site-foot'>
        <span>{host}</span>
      </footer>
    )
  return (
    <footer class='site-foot'>
      <span>{host}</span>
      <a href={paths.apiReference()}>HTTP API</a>
      <form class='actions' method='post' action={paths.theme()} aria-label='Theme'>
        {(['system', ...themes] as const).map((name) => (
          <button
            class='button bare'
            name='theme'
            value={name}
            type='submit'
            aria-pressed={String((theme ?? 'system') === name)}
          >
            {capitalized(name)}
          </button>
        ))}
      </form>
      {signsOut && <SignOut />}
    </footer>
  )
}

function SignOut() {
  const { paths } = useSite()
  return (
    <form method='post' action={paths.signOut()}>
      <button class='button bare' type='submit'>
        Sign out
      </button>
    </form>
  )
}

/** The logo: a square open at the top, with sand in it or without. */
export function Pit({ filled = false }: { filled?: boolean }) {
  return (
    <svg viewBox='0 0 20 20' aria-hidden='true'>
      {filled && <path class='heap' d='M4 16v-2.6l4.6-4.9 2.8 2.6L15 9.6 16 11v5z' />}
      <path class='pit' d='M2 3v15h16V3' />
    </svg>
  )
}
