/** The htmx attributes we use, checked: JSX itself lets any hyphenated attribute through. */
export interface HxOptions {
  readonly get?: string
  readonly post?: string
  readonly trigger?: string
  readonly target?: string
  readonly swap?: 'outerHTML' | 'outerMorph' | 'innerHTML'
  readonly select?: string
  /** What else of the answer replaces what has its id. */
  readonly 'select-oob'?: string
  /** What becomes of a request while another of the same element is under way. */
  readonly sync?: string
  readonly config?: string
}

export function hx(options: HxOptions): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`hx-${name}`, value]))
}
