/** Searches for many texts at once, reading each character once (Aho-Corasick). Each has at most 65,535 UTF-16 units. */
export interface Search {
  /** The state in which a search begins. */
  readonly start: number
  /** Continues from a state. Calls back with the length and the end of each match, and returns the next state. */
  forEach(text: string, from: number, found: (length: number, end: number) => void): number
  /** How many of the last characters may be the beginning of a match. */
  depth(state: number): number
}

const units = 2 ** 16

export function createSearch(needles: readonly string[]): Search {
  const most = needles.reduce((sum, needle) => sum + needle.length, 1)
  // By node of the trie: its depth, the node of its longest proper suffix, and the length of the longest match that ends there.
  const depths = new Uint16Array(most)
  const fails = new Uint32Array(most)
  const founds = new Uint16Array(most)
  const children = new Map<number, number>()
  const begins = new Uint8Array(units)
  const levels: { readonly parent: number; readonly unit: number; readonly node: number }[][] = []
  for (const needle of needles) add(needle)
  for (const level of levels) for (const { parent, unit, node } of level) link(parent, unit, node)

  function add(needle: string): void {
    begins[needle.charCodeAt(0)] = 1
    let parent = 0
    for (let index = 0; index < needle.length; index++) {
      const unit = needle.charCodeAt(index)
      const node = children.get(parent * units + unit) ?? children.size + 1
      if (node > children.size) {
        children.set(parent * units + unit, node)
        depths[node] = index + 1
        const level = levels[index] ?? []
        level.push({ parent, unit, node })
        levels[index] = level
      }
      parent = node
    }
    founds[parent] = needle.length
  }

  /** The suffix of a node is less deep, so it has been linked before. */
  function link(parent: number, unit: number, node: number): void {
    if (parent === 0) return
    const fail = step(fails[parent] ?? 0, unit)
    fails[node] = fail
    founds[node] ||= founds[fail] ?? 0
  }

  function step(from: number, unit: number): number {
    for (let at = from; ; at = fails[at] ?? 0) {
      const next = children.get(at * units + unit)
      if (next !== undefined || at === 0) return next ?? 0
    }
  }

  return {
    start: 0,
    depth: (state) => depths[state] ?? 0,
    forEach(text, from, found) {
      let at = from
      for (let index = 0; index < text.length; index++) {
        const unit = text.charCodeAt(index)
        if (at === 0 && begins[unit] === 0) continue
        at = step(at, unit)
        const length = founds[at] ?? 0
        if (length > 0) found(length, index + 1)
      }
      return at
    },
  }
}
