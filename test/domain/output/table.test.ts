import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/domain/json/json.ts'
import { firstRows, tableOf } from '../../../src/domain/output/table.ts'

const noFile = () => false

function tableOfRows(rows: Json) {
  const table = tableOf(rows, noFile)
  if (!table) throw new Error('Not a table')
  return table
}

describe('what is a table', () => {
  it('needs two rows or more, each flat, with names in common', () => {
    expect(tableOf([{ a: 1 }], noFile)).toBeNull()
    expect(tableOf([{ a: 1 }, { b: 1, c: 2, d: 3 }], noFile)).toBeNull()
    expect(tableOf([{ a: 1 }, { a: [1] }], noFile)).toBeNull()
    expect(tableOf([{ a: 1 }, 7], noFile)).toBeNull()
    expect(tableOf([{}, {}], noFile)).toBeNull()
    expect(tableOf({ a: 1 }, noFile)).toBeNull()
    expect(tableOf([{ a: 1 }, { a: 2 }], noFile)).not.toBeNull()
  })

  it('has columns in the order their names first come', () => {
    expect(
      tableOfRows([
        { b: 1, a: 2 },
        { a: 3, c: 4 },
      ]).columns,
    ).toEqual(['b', 'a', 'c'])
  })

  it('reads no cell that its row does not have', () => {
    const rows = JSON.parse('[{"__proto__": "a", "toString": 1}, {"toString": 2}]')
    expect(firstRows(tableOfRows(rows), 10_000)).toEqual([
      ['a', 1],
      [undefined, 2],
    ])
  })
})

describe('the rows that are shown', () => {
  const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, text: 'x'.repeat(20) }))

  it('are two hundred at most', () => {
    expect(firstRows(tableOfRows(rows), 1_000_000)).toHaveLength(200)
  })

  it('are as many as there is room for', () => {
    expect(firstRows(tableOfRows(rows), 1_000).length).toBeLessThan(20)
  })

  it('have no endless cell', () => {
    const long = tableOfRows([{ a: 'x'.repeat(10_000) }, { a: 1 }])
    expect(firstRows(long, 10_000)).toEqual([[`${'x'.repeat(300)}…`], [1]])
  })
})
