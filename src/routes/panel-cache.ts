/** How much drawn HTML is kept for the next who asks, in UTF-16 units. */
const mostUnits = 16 * 2 ** 20

/** Drawn panels by prediction and by who they are for, each with the state it shows. */
export function createPanelCache() {
  const kept = new Map<string, Map<string, { state: string; html: string }>>()
  let units = 0

  function forget(id: string): void {
    for (const { html } of kept.get(id)?.values() ?? []) units -= html.length
    kept.delete(id)
  }

  return {
    forget,
    find(id: string, variant: string, state: string): string | null {
      const known = kept.get(id)?.get(variant)
      return known?.state === state ? known.html : null
    },
    keep(id: string, variant: string, state: string, html: string): void {
      const variants = kept.get(id) ?? new Map<string, { state: string; html: string }>()
      units += html.length - (variants.get(variant)?.html.length ?? 0)
      variants.set(variant, { state, html })
      kept.delete(id)
      kept.set(id, variants)
      for (const oldest of kept.keys()) {
        if (units <= mostUnits) return
        forget(oldest)
      }
    },
  }
}
