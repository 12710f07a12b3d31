import { bothKinds, type Cell, type Kind, kindOf } from './value.ts'

/** More different values than this are not counted: remembering them all takes too much room. */
const mostDistinct = 10_000

export type Column = ReturnType<typeof createColumn>

/** Takes the cells of a column one by one and remembers what there is to say of them. */
export function createColumn(name: string) {
  const distinct = new Set<string>()
  let kind: Kind = 'empty'
  let filled = 0
  let sum = 0
  let least: string | number | null = null
  let greatest: string | number | null = null

  return {
    name,
    add(cell: string): void {
      if (cell === '') return
      filled++
      if (distinct.size <= mostDistinct) distinct.add(cell)
      if (kind === 'text') return
      kind = bothKinds(kind, kindOf(cell))
      if (kind === 'text' || kind === 'boolean') return
      const value = kind === 'date' ? cell : Number(cell)
      if (typeof value === 'number') sum += value
      if (least === null || value < least) least = value
      if (greatest === null || value > greatest) greatest = value
    },
    kind: () => kind,
    /** `rows` is how many the table has: a cell that is missing counts as an empty one. */
    summary(rows: number): Record<string, Cell> {
      const isNumeric = kind === 'integer' || kind === 'number'
      const isOrdered = isNumeric || kind === 'date'
      return {
        name,
        type: kind,
        empty: rows - filled,
        distinct: distinct.size > mostDistinct ? `more than ${mostDistinct}` : distinct.size,
        min: isOrdered ? least : null,
        max: isOrdered ? greatest : null,
        mean: isNumeric ? Number((sum / filled).toPrecision(12)) : null,
      }
    },
  }
}
