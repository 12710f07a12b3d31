/** A search for many texts at once, which looks at each character once: Aho and Corasick's. */
export interface Search {
  /** Where a search begins. */
  readonly start: number
  /** Reads on from a position, tells each found text by its length and its end, and answers where it stopped. */
  forEach(text: string, from: number, found: (length: number, end: number) => void): number
  /** How many of the last characters may be the beginning of one that is looked for. */
  depth(position: number): number
}

const units = 2 ** 16

interface Node {
  readonly depth: number
  /** The longest other beginning that its text ends with. */
  fail: number
  /** The length of the longest text that ends here; 0 when none does. */
  found: number
}

export function createSearch(needles: readonly string[]): Search {
  const nodes: Node[] = [{ depth: 0, fail: 0, found: 0 }]
  const children = new Map<number, number>()
  const begins = new Uint8Array(units)
  for (const needle of needles) add(needle)
  linkFailures()

  function add(needle: string): void {
    begins[needle.charCodeAt(0)] = 1
    let at = 0
    for (let index = 0; index < needle.length; index++) {
      const edge = at * units + needle.charCodeAt(index)
      const next = children.get(edge) ?? nodes.length
      if (next === nodes.length) {
        nodes.push({ depth: index + 1, fail: 0, found: 0 })
        children.set(edge, next)
      }
      at = next
    }
    const last = nodes[at]
    if (last) last.found = needle.length
  }

  /** Shallow nodes first: what a node falls back on is done before it. */
  function linkFailures(): void {
    const edges = [...children].sort(([, a], [, b]) => depth(a) - depth(b))
    for (const [edge, child] of edges) {
      const node = nodes[child]
      const parent = Math.floor(edge / units)
      if (!node || parent === 0) continue
      node.fail = step(nodes[parent]?.fail ?? 0, edge % units)
      node.found ||= nodes[node.fail]?.found ?? 0
    }
  }

  function step(from: number, unit: number): number {
    for (let at = from; ; at = nodes[at]?.fail ?? 0) {
      const next = children.get(at * units + unit)
      if (next !== undefined || at === 0) return next ?? 0
    }
  }

  function depth(position: number): number {
    return nodes[position]?.depth ?? 0
  }

  return {
    start: 0,
    depth,
    forEach(text, from, found) {
      let at = from
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index)
        if (at === 0 && begins[unit] === 0) continue
        at = step(at, unit)
        const length = nodes[at]?.found ?? 0
        if (length > 0) found(length, index + 1)
      }
      return at
    },
  }
}
