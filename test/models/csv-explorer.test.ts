import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FormValues } from '../support/visitor.ts'
import { exampleOf, openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

type Row = Readonly<Record<string, unknown>>
interface Found {
  readonly count: number
  readonly summary: readonly Row[]
  readonly rows: readonly Row[]
}

async function look(content: BlobPart | readonly BlobPart[], inputs: FormValues = {}) {
  const parts = Array.isArray(content) ? content : [content]
  const file = new File(parts, 'table.csv')
  const prediction = await trial.run('csv-explorer', { file, ...inputs })
  expect(prediction.error).toBeNull()
  return { ...(prediction.output as unknown as Found), logs: prediction.logs }
}

async function failure(content: BlobPart, name = 'table.csv') {
  const prediction = await trial.run('csv-explorer', { file: new File([content], name) })
  expect(prediction.status).toBe('failed')
  return prediction.error
}

describe('csv-explorer', () => {
  it('says what each column of its sample holds', async () => {
    const { output } = await trial.run('csv-explorer', exampleOf('csv-explorer'))
    const { count, summary, rows } = output as unknown as Found
    expect([count, rows.length]).toEqual([48, 12])
    expect(Object.fromEntries(summary.map(({ name, type }) => [name, type]))).toEqual({
      survey: 'text',
      date: 'date',
      site: 'text',
      surveyor: 'text',
      height_m: 'number',
      moved_m: 'number',
      grass_pct: 'integer',
      wind_kmh: 'integer',
      fenced: 'boolean',
      note: 'text',
    })
    expect(rows[8]).toMatchObject({
      survey: 'D009',
      date: '2025-03-06',
      height_m: expect.any(Number),
      fenced: true,
      note: 'Measured twice: "moved" a pole',
    })
    expect(rows[0]).toMatchObject({ note: null })
  })

  it('counts, and finds the least, the greatest and the mean', async () => {
    const { summary, count } = await look(
      'n,d,t,b\n3,2026-01-02,x,true\n-1.5,2025-12-31,y,false\n,,x,\n',
    )
    expect(count).toBe(3)
    expect(summary).toEqual([
      { name: 'n', type: 'number', empty: 1, distinct: 2, min: -1.5, max: 3, mean: 0.75 },
      {
        name: 'd',
        type: 'date',
        empty: 1,
        distinct: 2,
        min: '2025-12-31',
        max: '2026-01-02',
        mean: null,
      },
      { name: 't', type: 'text', empty: 0, distinct: 2, min: null, max: null, mean: null },
      { name: 'b', type: 'boolean', empty: 1, distinct: 2, min: null, max: null, mean: null },
    ])
  })

  it.each([
    ['codes with noughts in front', '00217\n00300'],
    ['numbers beyond what is exact', '9007199254740993\n1'],
    ['a number too large', '1e999\n1'],
    ['numbers among words', '1\ntwo\n3'],
    ['days that are none', '2026-13-01\n2026-01-01'],
    ['numbers with a comma', '"3,5"\n"2,5"'],
  ])('takes %s as text', async (_what, cells) => {
    const { summary, rows } = await look(`a\n${cells}\n`)
    expect(summary).toMatchObject([{ type: 'text', min: null }])
    expect(rows[0]?.a).toBe(cells.split('\n')[0]?.replaceAll('"', ''))
  })

  it.each([
    ['semicolon', ';'],
    ['tab', '\t'],
    ['comma', ','],
    ['bar', '|'],
  ])('finds out that a %s is between the cells', async (name, between) => {
    const lines = ['name;value', '"a; b, c";1', '"d | e";2'].map((line) =>
      line.replace(/;(?=\w+$)/, between),
    )
    const { rows, logs } = await look(lines.join('\n'))
    expect(rows).toEqual([
      { name: 'a; b, c', value: 1 },
      { name: 'd | e', value: 2 },
    ])
    expect(logs).toContain(`divided by ${name}`)
  })

  it('takes the delimiter that it is told', async () => {
    const { rows } = await look('a,b;c\n1,2;3', { delimiter: 'semicolon' })
    expect(rows).toEqual([{ 'a,b': '1,2', c: 3 }])
  })

  it('reads rows without a header', async () => {
    const { count, rows } = await look('1,x\n2,y', { header: 'false' })
    expect(count).toBe(2)
    expect(rows[0]).toEqual({ 'column 1': 1, 'column 2': 'x' })
  })

  it('copes with a byte order mark, all kinds of line ends, and blank lines', async () => {
    const { rows, count } = await look('\ufeffa,b\r\n1,2\n\n3,4\r\n\r\n5,6')
    expect(count).toBe(3)
    expect(rows[2]).toEqual({ a: 5, b: 6 })
    expect((await look('a,b\r1,2\r3,4\r')).rows).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ])
  })

  it('copes with quotes: around line breaks, around quotes, and where none belong', async () => {
    const { rows } = await look('a,b\n"two\nlines","say ""hi"""\n6" nail,"x" y\n')
    expect(rows).toEqual([
      { a: 'two\nlines', b: 'say "hi"' },
      { a: '6" nail', b: '"x" y' },
    ])
  })

  it('copes with rows that are too short or too long', async () => {
    const { rows, summary, logs } = await look('a,b\n1\n1,2,3\n1,2\n')
    expect(rows).toEqual([
      { a: 1, b: null, 'column 3': null },
      { a: 1, b: 2, 'column 3': 3 },
      { a: 1, b: 2, 'column 3': null },
    ])
    expect(summary[2]).toMatchObject({ name: 'column 3', empty: 2 })
    expect(logs).toContain('2 rows have more or fewer cells than the first')
  })

  it('tells columns of one name apart, and names those that have none', async () => {
    const { rows } = await look('a,a,,a 2,__proto__,toJSON\n1,2,3,4,5,6')
    expect(rows).toEqual([{ a: 1, 'a 2': 2, 'column 3': 3, 'a 2 2': 4, proto: 5, toJSON: 6 }])
  })

  it('reads what spreadsheets write', async () => {
    const latin = Buffer.from('stadt;höhe\nKöln;53\n', 'latin1')
    const found = await look(new Uint8Array(latin))
    expect(found.rows).toEqual([{ stadt: 'Köln', höhe: 53 }])
    expect(found.logs).toContain('windows-1252')
    const wide = Buffer.from('\ufeffstadt\thöhe\nKöln\t53\n', 'utf16le')
    expect((await look(new Uint8Array(wide))).rows).toEqual([{ stadt: 'Köln', höhe: 53 }])
  })

  it('takes a header without rows, and a list of one column', async () => {
    expect(await look('a,b')).toMatchObject({
      count: 0,
      rows: [],
      summary: [{ name: 'a', type: 'empty', empty: 0, distinct: 0 }, { name: 'b' }],
    })
    expect((await look('fruit\npear\nfig')).rows).toEqual([{ fruit: 'pear' }, { fruit: 'fig' }])
  })

  it('shows no more than it is asked for, and no more of a cell than fits', async () => {
    expect((await look('a\n1\n2\n3', { rows: '0' })).rows).toEqual([])
    const { rows } = await look(`a\n${'x'.repeat(2_000)}`)
    expect(rows[0]?.a).toBe(`${'x'.repeat(500)}…`)
  })

  it('looks through 50 MB', async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `${i},"Gull, ${i % 7}",${i / 4},2026-01-01\n`,
    )
    const chunk = rows.join('')
    const times = Math.ceil((50 * 2 ** 20) / chunk.length)
    const found = await look([
      'id,name,height,day\n',
      ...Array.from({ length: times }, () => chunk),
    ])
    expect(found.count).toBe(times * 10_000)
    expect(found.summary).toMatchObject([
      { type: 'integer', distinct: 10_000, min: 0, max: 9_999, mean: 4999.5 },
      { type: 'text', distinct: 7 },
      { type: 'number', max: 2499.75 },
      { type: 'date', distinct: 1 },
    ])
  })

  it('remembers only so many different values', async () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => `v${i}`)
    expect((await look(`a\n${rows.join('\n')}`)).summary).toMatchObject([
      { distinct: 'more than 10000' },
    ])
  })
})

describe('csv-explorer refuses, in a sentence,', () => {
  it.each([
    ['a picture', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'something other than text'],
    ['a spreadsheet', 'PK\x03\x04 and so on', 'a spreadsheet or an archive. Save it as CSV first'],
    ['a PDF', '%PDF-1.7\n1 0 obj\n', 'a PDF'],
    ['a page', '<!doctype html><title>No</title>', 'a page or XML'],
    ['XML', '<?xml version="1.0"?><a/>', 'a page or XML'],
    ['JSON', '[{"a": 1}]', 'JSON'],
  ])('%s', async (_what, content, what) => {
    expect(await failure(content, 'odd.csv')).toBe(
      `odd.csv is not a CSV file: it looks like ${what}.`,
    )
  })

  it.each(['', '\n \n', '\ufeff'])('nothing at all: %j', async (content) => {
    expect(await failure(content)).toBe('table.csv is empty.')
  })

  it('a quote that is never closed', async () => {
    expect(await failure('a,b\n1,"2\n3,4\n')).toBe(
      'table.csv has a quote that is never closed: look before its end.',
    )
    expect(await failure(`a,b\n1,"2\n${'3,4\n'.repeat(300_000)}`)).toMatch(
      /^table\.csv has a row of more than 1 MB around line \d+: most likely a quote/,
    )
  })

  it('more columns than anyone reads', async () => {
    expect(await failure(`${'a,'.repeat(1_200)}a\n1`)).toBe(
      'table.csv has more than 1000 columns, which is more than fit here.',
    )
  })

  it('what does not fit the form, before it runs', async () => {
    const file = new File(['a'], 'a.csv')
    for (const inputs of [{}, { file, rows: '501' }, { file, delimiter: 'pipe' }])
      expect((await trial.visitor.run('sandpit/csv-explorer', inputs)).status).toBe(422)
  })
})
