import { createContext, useContext } from 'hono/jsx'
import type { ModelRef } from '../src/domain/model-ref.ts'
import { createPaths, type Paths } from '../src/paths.ts'

/** Values that all pages need, passed by context instead of props. */
export interface Site {
  readonly paths: Paths
  /** URLs of our own stylesheet and scripts, with the hash of their content. */
  readonly assets: Readonly<Record<AssetName, string>>
  /** Display names of the providers, by name. */
  readonly providerLabels: Readonly<Record<string, string>>
  /** The text of the stylesheet for browsers that do not have it; null for others. */
  readonly stylesheet: string | null
  /** The chosen theme; null follows the system. */
  readonly theme: Theme | null
  /** Whether the viewer may add models and change settings. */
  readonly operator: boolean
  /** The owner names whose models the viewer may edit, besides what operators may. */
  readonly namespaces: readonly string[]
  /** The handle of the person who is signed in; null where people do not sign in. */
  readonly person: string | null
  /** Where to sign in; null for those who are, and where that is not done on a page of ours. */
  readonly signIn: string | null
  /** Whether a person signs out on a page of ours. */
  readonly signsOut: boolean
  /** Whether the viewer has only a share link: all other pages would ask for a sign-in. */
  readonly guest: boolean
  /** Whether the page of a model opens for the viewer. */
  opensModel(model: ModelRef): boolean
  /** Whether pages of other origins may show models. */
  readonly embeds: boolean
  /** The host in the footer. */
  readonly host: string
  /** The scheme and host of this server, for links that leave it. */
  readonly origin: string
}

export const assetNames = [
  'app.css',
  'page.js',
  'more.js',
  'embed.css',
  'embed.js',
  'frame.js',
  'mask.js',
  'record.js',
  'sandpit.svg',
] as const
export type AssetName = (typeof assetNames)[number]

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]

const paths = createPaths('')

/** The default is for tests of single components: served at the root, names without hashes. */
export const SiteContext = createContext<Site>({
  paths,
  assets: {
    'app.css': paths.asset('app.css'),
    'page.js': paths.asset('page.js'),
    'more.js': paths.asset('more.js'),
    'embed.css': paths.asset('embed.css'),
    'embed.js': paths.asset('embed.js'),
    'frame.js': paths.asset('frame.js'),
    'mask.js': paths.asset('mask.js'),
    'record.js': paths.asset('record.js'),
    'sandpit.svg': paths.asset('sandpit.svg'),
  },
  providerLabels: {},
  stylesheet: null,
  theme: null,
  operator: false,
  namespaces: [],
  person: null,
  signIn: null,
  signsOut: false,
  guest: false,
  opensModel: () => true,
  embeds: false,
  host: 'localhost',
  origin: 'http://localhost',
})

export function useSite(): Site {
  return useContext(SiteContext)
}

export function usePaths(): Paths {
  return useSite().paths
}
