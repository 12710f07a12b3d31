import { LRUCache } from 'lru-cache'
import type { PanelLive } from '../../../views/panel/prediction-panel.tsx'

/** A panel as rendered for one state of its prediction. */
export interface RenderedPanel {
  /** Its size in the cache, in bytes or UTF-16 units. */
  readonly units: number
  /** The bytes to send, with the values that changed since it was rendered. */
  readonly bytes: (live: PanelLive) => Uint8Array<ArrayBuffer>
}

/** The size of the cache, in the units of a panel. */
export const mostUnits = 4 * 2 ** 20

interface Kept {
  readonly id: string
  readonly state: string
  readonly panel: RenderedPanel
}

/** Rendered panels, one for each prediction and kind of viewer. */
export function createPanelCache() {
  const keysOf = new Map<string, Set<string>>()
  const kept = new LRUCache<string, Kept>({
    maxSize: mostUnits,
    sizeCalculation: ({ panel }) => panel.units,
    dispose({ id }, key) {
      const keys = keysOf.get(id)
      keys?.delete(key)
      if (keys?.size === 0) keysOf.delete(id)
    },
  })
  const rendering = new Map<string, Promise<RenderedPanel>>()

  function keep(key: string, entry: Kept): void {
    kept.set(key, entry)
    // The cache does not take a panel that is larger than itself.
    if (kept.has(key)) keysOf.set(entry.id, (keysOf.get(entry.id) ?? new Set()).add(key))
  }

  async function renderAndKeep(
    id: string,
    variant: string,
    state: string,
    render: () => Promise<RenderedPanel>,
  ): Promise<RenderedPanel> {
    try {
      const panel = await render()
      keep(`${id} ${variant}`, { id, state, panel })
      return panel
    } finally {
      rendering.delete(`${id} ${variant} ${state}`)
    }
  }

  return {
    forget(id: string): void {
      for (const key of [...(keysOf.get(id) ?? [])]) kept.delete(key)
    },
    /** The panel of a state. Simultaneous requests for one wait for the same rendering. */
    async of(
      id: string,
      variant: string,
      state: string,
      render: () => Promise<RenderedPanel>,
    ): Promise<RenderedPanel> {
      const known = kept.get(`${id} ${variant}`)
      if (known?.state === state) return known.panel
      const key = `${id} ${variant} ${state}`
      const begun = rendering.get(key) ?? renderAndKeep(id, variant, state, render)
      rendering.set(key, begun)
      return begun
    },
  }
}

/** A panel that does not change any more. */
export function fixedPanel(html: string): RenderedPanel {
  const bytes = new TextEncoder().encode(html)
  return { units: bytes.length, bytes: () => bytes }
}

/**
 * A panel with `mark-NAME` for each value of `PanelLive`. The last bytes for each count are kept: the
 * requests that waited for one change get the same.
 */
export function changingPanel(html: string, mark: string): RenderedPanel {
  const [start = '', ...others] = html.split(`${mark}-`)
  const latest = new Map<string, { elapsed: string; bytes: Uint8Array<ArrayBuffer> }>()
  return {
    // The HTML, and the bytes for both counts.
    units: html.length * 3,
    bytes(live) {
      const known = latest.get(live.count)
      if (known?.elapsed === live.elapsed) return known.bytes
      const filled = start + others.map((part) => withLive(part, live)).join('')
      const bytes = new TextEncoder().encode(filled)
      latest.set(live.count, { elapsed: live.elapsed, bytes })
      return bytes
    },
  }
}

/** Replaces the name at the start of a part by its value. */
function withLive(part: string, live: PanelLive): string {
  const name = liveNames.find((one) => part.startsWith(one))
  return name ? live[name] + part.slice(name.length) : part
}

const liveNames = [
  'count',
  'elapsed',
  'clock',
  'ran',
  'inPhase',
  'phaseClock',
] as const satisfies readonly (keyof PanelLive)[]
