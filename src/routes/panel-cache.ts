/** A drawn panel: text while something in it is still to be filled in, else the bytes to send. */
export type DrawnPanel = string | Uint8Array<ArrayBuffer>

/** How much is kept for the next who asks, in bytes or UTF-16 units. */
const mostUnits = 16 * 2 ** 20

/** Drawn panels by prediction and by who they are for, each with the state it shows. */
export function createPanelCache() {
  const kept = new Map<string, Map<string, { state: string; panel: DrawnPanel }>>()
  let units = 0

  function forget(id: string): void {
    for (const { panel } of kept.get(id)?.values() ?? []) units -= panel.length
    kept.delete(id)
  }

  return {
    forget,
    find(id: string, variant: string, state: string): DrawnPanel | null {
      const known = kept.get(id)?.get(variant)
      return known?.state === state ? known.panel : null
    },
    keep(id: string, variant: string, state: string, panel: DrawnPanel): void {
      const variants = kept.get(id) ?? new Map<string, { state: string; panel: DrawnPanel }>()
      units += panel.length - (variants.get(variant)?.panel.length ?? 0)
      variants.set(variant, { state, panel })
      kept.delete(id)
      kept.set(id, variants)
      for (const oldest of kept.keys()) {
        if (units <= mostUnits) return
        forget(oldest)
      }
    },
  }
}
