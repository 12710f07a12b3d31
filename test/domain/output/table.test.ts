import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/domain/json/json.ts'
import { csvOf, firstRows, tableOf } from '../../../src/domain/output/table.ts'

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

describe('CSV', () => {
  it('quotes what needs quoting and ends each line as RFC 4180 says', () => {
    const table = tableOfRows([
      { 'a,b': 'he said "no"', c: 'two\nlines' },
      { 'a,b': 1.5, c: null },
    ])
    expect(csvOf(table)).toBe('"a,b",c\r\n"he said ""no""","two\nlines"\r\n1.5,\r\n')
  })

  it('lets no text become a formula, and leaves numbers alone', () => {
    const signs = [...'=+-@＝＋－＠﹦﹢﹣﹫−–—⁼⁺⁻₌']
    const blanks = [
      '',
      ' ',
      '\t',
      '\n',
      '\r\n',
      ' \n\t ',
      '\u00a0',
      '\u3000',
      '\ufeff',
      '\u200b',
      '\0',
    ]
    const hidden = blanks.flatMap((blank) => signs.map((sign) => `${blank}${sign}1`))
    const formulas = [...hidden, '\tx', '\rx', '\nx']
    const written = parse(csvOf(tableOfRows(formulas.map((text) => ({ '=name': text, n: -1 })))))
    expect(written).toEqual([["'=name", 'n'], ...formulas.map((text) => [`'${text}`, '-1'])])
  })

  it('leaves alone what only looks a little like one', () => {
    const texts = ['a=1', '1-1', 'x@y', ' a', '“=1”', '(=1)', '日=1', '', ' ']
    const written = parse(csvOf(tableOfRows(texts.map((text) => ({ a: text, n: -1 })))))
    expect(written.slice(1)).toEqual(texts.map((text) => [text, '-1']))
  })

  it('reads back as what was written', () => {
    const cell = fc.string({ unit: 'binary' }).map((text) => `a${text}`)
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 2 }), (pairs) => {
        const csv = csvOf(tableOfRows(pairs.map(([a, b]) => ({ a, b }))))
        expect(parse(csv, { fromLine: 2, skipRecordsWithEmptyValues: false })).toEqual(pairs)
      }),
    )
  })
})
