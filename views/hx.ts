/** The htmx attributes that we use, type-checked: JSX allows any attribute with a hyphen. */
export interface HxOptions {
  readonly get?: string
  readonly post?: string
  readonly trigger?: string
  readonly target?: string
  readonly swap?: 'outerHTML' | 'outerMorph' | 'innerHTML' | 'innerMorph'
  readonly select?: string
  /** Other controls that are sent, too. */
  readonly include?: string
  /** Other parts of the response that replace the elements with their ids. */
  readonly 'select-oob'?: string
  /** How requests of one element are queued: htmx's `hx-sync`. */
  readonly sync?: string
  readonly config?: string
}

export function hx(options: HxOptions): Record<string, string> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [`hx-${name}`, value]))
}
