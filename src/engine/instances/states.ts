/** What a server in a container says of itself. */
export type Readiness =
  | { readonly state: 'booting'; readonly logs: string }
  | { readonly state: 'ready' }
  /** It cannot run anything, and will not. */
  | { readonly state: 'broken'; readonly sentence: string; readonly logs: string }
  /** It does not answer yet, or no longer. */
  | { readonly state: 'away' }
