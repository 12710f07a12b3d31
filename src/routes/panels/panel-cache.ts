import { LRUCache } from 'lru-cache'
import type { PanelLive } from '../../../views/panel/prediction-panel.tsx'

/** A panel as drawn for one state of its prediction. */
export interface RenderedPanel {
  /** What it takes to keep it, in bytes or UTF-16 units. */
  readonly units: number
  /** The bytes to send, what has changed since it was drawn filled in. */
  readonly bytes: (live: PanelLive) => Uint8Array<ArrayBuffer>
}

/** How much is kept for the next who asks. */
const mostUnits = 16 * 2 ** 20

interface Kept {
  readonly id: string
  readonly state: string
  readonly panel: RenderedPanel
}

/** Drawn panels by prediction and by who they are for, each with the state it shows. */
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
  const drawing = new Map<string, Promise<RenderedPanel>>()

  function keep(key: string, entry: Kept): void {
    kept.set(key, entry)
    // One that is too large for all of it was not kept.
    if (kept.has(key)) keysOf.set(entry.id, (keysOf.get(entry.id) ?? new Set()).add(key))
  }

  async function drawAndKeep(
    id: string,
    variant: string,
    state: string,
    draw: () => Promise<RenderedPanel>,
  ): Promise<RenderedPanel> {
    try {
      const panel = await draw()
      keep(`${id} ${variant}`, { id, state, panel })
      return panel
    } finally {
      drawing.delete(`${id} ${variant} ${state}`)
    }
  }

  return {
    forget(id: string): void {
      for (const key of [...(keysOf.get(id) ?? [])]) kept.delete(key)
    },
    /** The panel that shows this state: drawn once, however many ask for it at the same time. */
    async of(
      id: string,
      variant: string,
      state: string,
      draw: () => Promise<RenderedPanel>,
    ): Promise<RenderedPanel> {
      const known = kept.get(`${id} ${variant}`)
      if (known?.state === state) return known.panel
      const key = `${id} ${variant} ${state}`
      const begun = drawing.get(key) ?? drawAndKeep(id, variant, state, draw)
      drawing.set(key, begun)
      return begun
    },
  }
}

/** A drawn panel in which nothing changes any more. */
export function fixedPanel(html: string): RenderedPanel {
  const bytes = new TextEncoder().encode(html)
  return { units: bytes.length, bytes: () => bytes }
}

/**
 * A drawn panel that shows `mark` and a name where something is filled in. The bytes are those of
 * the one before where that is the same, as it is for all who waited for one change.
 */
export function changingPanel(html: string, mark: string): RenderedPanel {
  const [start = '', ...others] = html.split(`${mark}-`)
  const latest = new Map<string, { elapsed: string; bytes: Uint8Array<ArrayBuffer> }>()
  return {
    // With what it was filled in as for each of the two counts.
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

/** What stands after a mark begins with the name of what is filled in. */
function withLive(part: string, live: PanelLive): string {
  const name = liveNames.find((one) => part.startsWith(one))
  return name ? live[name] + part.slice(name.length) : part
}

const liveNames = ['count', 'elapsed', 'clock'] as const satisfies readonly (keyof PanelLive)[]
