/** An element of a heap: its key in two parts, and its index there, which the heap keeps. */
export interface Ranked {
  tag: number
  /** Decides between equal tags. */
  number: number
  /** Negative while it is in no heap. */
  index: number
}

/** A binary heap whose elements may change their keys: the least is first. */
export function createHeap<Element extends Ranked>() {
  const elements: Element[] = []

  function put(element: Element, index: number): void {
    elements[index] = element
    element.index = index
  }

  function up(element: Element): void {
    let { index } = element
    while (index > 0) {
      const above = elements[(index - 1) >> 1]
      if (!above || !isBefore(element, above)) break
      put(above, index)
      index = (index - 1) >> 1
    }
    put(element, index)
  }

  function down(element: Element): void {
    let { index } = element
    while (true) {
      const left = elements[2 * index + 1]
      const right = elements[2 * index + 2]
      const below = left && right && isBefore(right, left) ? right : left
      if (!below || !isBefore(below, element)) break
      const free = below.index
      put(below, index)
      index = free
    }
    put(element, index)
  }

  return {
    /** In no order. */
    all: elements as readonly Element[],
    first: (): Element | undefined => elements[0],
    add(element: Element): void {
      element.index = elements.length
      elements.push(element)
      up(element)
    },
    remove(element: Element): void {
      const { index } = element
      element.index = -1
      const last = elements.pop()
      if (!last || last === element) return
      put(last, index)
      up(last)
      down(last)
    },
    /** To be called after the key of an element has changed. */
    move(element: Element): void {
      up(element)
      down(element)
    },
  }
}

function isBefore(one: Ranked, other: Ranked): boolean {
  return one.tag === other.tag ? one.number < other.number : one.tag < other.tag
}
