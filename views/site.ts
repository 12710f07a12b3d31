import { createContext, useContext } from 'hono/jsx'
import { createPaths, type Paths } from '../src/paths.ts'

/** What every page needs to know and no page should have to pass on. */
export interface Site {
  readonly paths: Paths
  /** URLs of our own stylesheet and scripts, with the hash of their content. */
  readonly assets: Readonly<Record<AssetName, string>>
  /** What pages call each provider, by its name. */
  readonly providerLabels: Readonly<Record<string, string>>
  /** The text of the stylesheet, for a browser that does not have it yet; null for any other. */
  readonly stylesheet: string | null
  /** What the person chose; null follows the system. */
  readonly theme: Theme | null
  /** Whether they may add models and change how they run. */
  readonly operator: boolean
  /** Whether they only have a link to this page: every other would ask them to sign in. */
  readonly guest: boolean
  /** The host this was asked from, as the footer shows it. */
  readonly host: string
}

export const assetNames = ['app.css', 'htmx.js', 'live.js', 'page.js', 'sandpit.svg'] as const
export type AssetName = (typeof assetNames)[number]

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]

const paths = createPaths('')

/** Without a provider, as in a test of one component: served at the root, without hashes. */
export const SiteContext = createContext<Site>({
  paths,
  assets: {
    'app.css': paths.asset('app.css'),
    'htmx.js': paths.asset('htmx.js'),
    'live.js': paths.asset('live.js'),
    'page.js': paths.asset('page.js'),
    'sandpit.svg': paths.asset('sandpit.svg'),
  },
  providerLabels: {},
  stylesheet: null,
  theme: null,
  operator: false,
  guest: false,
  host: 'localhost',
})

export function useSite(): Site {
  return useContext(SiteContext)
}

export function usePaths(): Paths {
  return useSite().paths
}
