import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/domain/json/json.ts'
import { tableOf } from '../../../src/domain/output/table.ts'
import { csvOf } from '../../../src/routes/files/csv.ts'

function tableOfRows(rows: Json) {
  const table = tableOf(rows, () => false)
  if (!table) throw new Error('Not a table')
  return table
}

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
