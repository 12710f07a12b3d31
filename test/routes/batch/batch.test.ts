import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import { zipOf } from '../../../src/routes/files/archive.ts'
import { streamOf } from '../../../src/routes/files/output-content.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'
import { zipBytes } from '../../support/zip-bytes.ts'

const models = writeModels({
  translate: `
    import { defineModel, file, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/translate',
      description: 'Says a text in another direction.',
      input: z.object({
        text: z.string(),
        direction: z.enum(['da-en', 'en-da']).default('da-en'),
        times: z.int().min(1).max(5).optional(),
        words: z.array(z.string()).optional(),
        picture: file({ accept: 'image/*' }).optional(),
      }),
      output: z.string(),
      copies: 4,
      run: ({ text, direction, times = 1, words = [], picture }) =>
        [direction, text.repeat(times), ...words, picture?.name ?? ''].join('|'),
    })`,
  keyed: `
    import { defineModel, secret, z } from 'sandpit/model'
    export default defineModel({
      name: 'test/keyed',
      description: 'Takes a key.',
      input: z.object({ text: z.string(), key: secret() }),
      output: z.string(),
      run: ({ text }) => text,
    })`,
})
const page = '/test/translate/batch'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_MOST_ROWS: '100', SANDPIT_MAX_UPLOAD: '4MB' },
  })
})
afterAll(() => sandpit.close())

const csv = (text: string | Uint8Array<ArrayBuffer>, name = 'rows.csv') => new File([text], name)

/** A batch as somebody without scripts makes it: checked first, and run with the files that were kept. */
async function batch(values: FormValues) {
  const visitor = createVisitor(sandpit)
  const checked = await visitor.post(page, { press: 'check', ...values })
  const html = await checked.text()
  const hidden = [...html.matchAll(/<input type="hidden" name="(rows|files|key)" value="([^"]*)"/g)]
  const kept = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
  return {
    status: checked.status,
    text: plain(html),
    html,
    run: (more: FormValues = {}) =>
      visitor.post(page, {
        ...kept,
        press: html.includes('value="run"') ? 'run' : 'check',
        ...more,
      }),
  }
}

const plain = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')

async function groupOf(answer: Response): Promise<RunGroup> {
  expect(answer.status).toBe(303)
  const id = answer.headers.get('Location')?.split('/').at(-1) ?? ''
  const group = await sandpit.store.findGroup(id)
  if (!group) throw new Error('There is no such group')
  return group
}

/** The outputs of a group by their lines, once all its runs succeeded. */
async function outputsOf({ id, size }: RunGroup): Promise<Record<number, unknown>> {
  await eventually(async () => {
    const counts = (await sandpit.store.countsOf([id])).get(id)
    expect(counts?.made).toEqual({ succeeded: size })
  })
  const members = await sandpit.store.membersOf(id, { from: 0, limit: 200 })
  const made = members.map(async (member) => {
    const prediction = await sandpit.store.find(member.id)
    return [member.group.place, prediction?.output] as const
  })
  return Object.fromEntries(await Promise.all(made))
}

describe('a file whose rows are right', () => {
  it('is checked first, and then run as a group with its lines as places', async () => {
    const checked = await batch({ rows: csv('text,direction\nhej,da-en\nhello,en-da\n') })
    expect(checked.status).toBe(200)
    expect(checked.text).toContain('Run 2')
    const group = await groupOf(await checked.run())
    expect(group).toMatchObject({ kind: 'batch', title: 'rows.csv', size: 2 })
    expect(await outputsOf(group)).toEqual({ 2: 'da-en|hej|', 3: 'en-da|hello|' })
  })

  it('may be JSON lines', async () => {
    const rows = csv('{"text":"a","words":["b","c"]}\n\n{"text":"d","times":2}\n', 'rows.jsonl')
    const group = await groupOf(await (await batch({ rows })).run())
    expect(await outputsOf(group)).toEqual({ 1: 'da-en|a|b|c|', 3: 'da-en|dd|' })
  })

  it('may come from a spreadsheet: a BOM, CRLF, semicolons, quotes, lines in cells, empty cells', async () => {
    const text =
      '\ufefftext;times;words\r\n"one\r\n""two"";";2;"[""x"",""y""]"\r\n;;\r\nthree;;\r\n'
    const checked = await batch({ rows: csv(text) })
    expect(checked.text).toContain('2 rows')
    const outputs = await outputsOf(await groupOf(await checked.run()))
    expect(outputs).toEqual({ 2: 'da-en|one\n"two";one\n"two";|x|y|', 5: 'da-en|three|' })
  })

  it('may have line ends of several systems', async () => {
    const checked = await batch({ rows: csv('text,times\r\none,1\ntwo,2\r\n\r\nthree,1') })
    const outputs = await outputsOf(await groupOf(await checked.run()))
    expect(outputs).toEqual({ 2: 'da-en|one|', 3: 'da-en|twotwo|', 5: 'da-en|three|' })
  })

  it('is not run twice by a double click', async () => {
    const checked = await batch({ rows: csv('text\nonce\n') })
    const [one, other] = [await checked.run(), await checked.run()]
    expect(one.headers.get('Location')).toBe(other.headers.get('Location'))
  })

  it('is only checked when it comes with the press on Run', async () => {
    const checked = await batch({ rows: csv('text\na\n') })
    const answer = await checked.run({ rows: csv('text\nb\n'), press: 'run' })
    expect(answer.status).toBe(200)
  })
})

describe('a file with rows that are wrong', () => {
  const rows = () => csv('text,direction,times\nhej,da-en,1\nder,de,9\n,da-en,1\n')

  it('says what is wrong by line, and runs nothing', async () => {
    const checked = await batch({ rows: rows() })
    expect(checked.status).toBe(422)
    expect(checked.text).toContain('2 of 3 rows need another look')
    expect(checked.html).toContain('href="#line-3"')
    expect(checked.text).toContain('direction: “de” is not one of the choices.')
    expect(checked.text).toContain('times: 9 is too high. Use a whole number from 1 to 5.')
    expect(checked.text).toContain('Line 4 : text: This input is required.')
    expect((await checked.run({ press: 'run' })).status).toBe(422)
  })

  it('leaves them out by choice', async () => {
    const checked = await batch({ rows: rows() })
    const chosen = await checked.run({ wrong: 'leave-out' })
    expect(plain(await chosen.text())).toContain('2 of 3 rows are left out.')
    const group = await groupOf(await checked.run({ wrong: 'leave-out', press: 'run' }))
    expect(await outputsOf(group)).toEqual({ 2: 'da-en|hej|' })
  })

  it('has a sentence for a row with too many cells, and for a line of JSON that is none', async () => {
    const cells = await batch({ rows: csv('text,times\na, b,1\nc,1\n') })
    expect(cells.text).toContain('Line 2 : This row has 3 cells, and the first line 2.')
    const json = await batch({ rows: csv('{"text":"a"}\n{"text":\n{"texts":"b"}\n') })
    expect(json.text).toContain('Line 2 :')
    expect(json.text).toContain('This model has no input called “texts”.')
  })
})

const utf16 = Buffer.from('\ufefftext\nhej\n', 'utf16le')
const latin1 = Buffer.from('text\nbl\u00e5b\u00e6r\n', 'latin1')

describe('a file that cannot be read', () => {
  it.each([
    ['an unknown column', 'texts,direction\na,da-en\n', '“texts” is not an input of this model.'],
    ['a missing column', 'direction\nda-en\n', 'There is no column text'],
    ['a column twice', 'text,text\na,b\n', 'There are two columns called text.'],
    ['no rows', 'text\n', 'This file has no rows below its first line.'],
    ['nothing', '', 'This file is empty.'],
    ['UTF-16', utf16, 'This file is in UTF-16.'],
    ['NUL characters', `text\nhej\0\n${'a\n'.repeat(50)}`, 'This file has NUL characters'],
    ['Latin-1', latin1, 'This file is not in UTF-8.'],
    ['a workbook', 'PK\u0003\u0004xl', 'This is a workbook or a zip.'],
    ['one JSON list', '[{"text":"a"}]', 'This is one JSON list.'],
    ['an open quote', 'text\n"a\nb\n', 'a quote is opened there and never closed'],
    ['more than fits', 'a'.repeat(2 ** 23), 'This file is too large. The maximum is 4.0 MB.'],
    ['too many rows', `text\n${'a\n'.repeat(101)}`, 'This file has more than 100 rows.'],
    ['too long a row', `text\n"${'a'.repeat(2 ** 21)}`, 'this row has more than 1 MB'],
  ])('says what is wrong with %s', async (_name, text, sentence) => {
    const checked = await batch({ rows: csv(text) })
    expect(checked.status).toBe(422)
    expect(checked.text).toContain(sentence)
    expect(checked.text).toContain('Nothing was run.')
  })

  it('asks for a file', async () => {
    expect((await batch({})).text).toContain('Choose a CSV or JSONL file.')
  })
})

async function zip(files: Readonly<Record<string, string>>): Promise<File> {
  const entries = Object.entries(files).map(([name, text]) => ({
    name,
    open: async () => streamOf(new TextEncoder().encode(text)),
    madeAt: 0,
  }))
  return new File([await new Response(zipOf(entries)).arrayBuffer()], 'files.zip')
}

describe('files that rows name', () => {
  it('come from a zip, by their path or their name', async () => {
    const files = await zip({ 'photos/cat.png': 'cat', 'dog.png': 'dog' })
    const rows = csv('text,picture\na,cat.png\nb,dog.png\nc,photos/cat.png\n')
    const checked = await batch({ rows, files })
    expect(checked.text).toContain('Run 3')
    const outputs = await outputsOf(await groupOf(await checked.run()))
    expect(outputs).toEqual({ 2: 'da-en|a|cat.png', 3: 'da-en|b|dog.png', 4: 'da-en|c|cat.png' })
  })

  it('may be missing', async () => {
    const rows = () => csv('text,picture\na,cat.png\n')
    const alone = await batch({ rows: rows() })
    expect(alone.text).toContain('picture: “cat.png” is no address. Add a zip that has it.')
    const other = await batch({ rows: rows(), files: await zip({ 'a.png': 'a' }) })
    expect(other.text).toContain('picture: “cat.png” is not in the zip.')
  })

  it('may have the same name in several folders', async () => {
    const files = await zip({ 'a/cat.png': '1', 'b/cat.png': '2' })
    const checked = await batch({ rows: csv('text,picture\na,cat.png\n'), files })
    expect(checked.text).toContain('The zip has several files called “cat.png”.')
  })

  it('are no more than the zip says: a bomb is not unpacked', async () => {
    const rows = () => csv('text,picture\na,cat.png\n')
    const zeros = { name: 'cat.png', content: '0'.repeat(2 ** 23) }
    const large = await batch({ rows: rows(), files: new File([zipBytes(zeros)], 'files.zip') })
    expect(large.text).toContain('picture: “cat.png” is too large.')
    const lying = new File([zipBytes({ ...zeros, says: 100 })], 'files.zip')
    const checked = await batch({ rows: rows(), files: lying })
    expect(checked.status).toBe(200)
    const answer = await checked.run()
    expect(answer.status).toBe(422)
    expect(plain(await answer.text())).toContain('“cat.png” in the zip is damaged.')
  })

  it('are refused when one of them is encrypted', async () => {
    const zipped = zipBytes({ name: 'cat.png', content: 'cat', isEncrypted: true })
    const files = new File([zipped], 'files.zip')
    const checked = await batch({ rows: csv('text,picture\na,cat.png\n'), files })
    expect(checked.status).toBe(422)
    expect(checked.text).toContain('The zip has “cat.png” encrypted')
  })

  it('are refused when the zip is none, or leads out of itself', async () => {
    const rows = () => csv('text\na\n')
    const none = await batch({ rows: rows(), files: new File(['no zip'], 'files.zip') })
    expect(none.text).toContain('The zip is damaged, or it is none.')
    const bytes = Buffer.from(await (await zip({ 'aa/bb/cat.png': 'cat' })).arrayBuffer())
    const outside = bytes.toString('latin1').replaceAll('aa/bb/', '../../')
    const files = new File([Buffer.from(outside, 'latin1')], 'files.zip')
    const checked = await batch({ rows: rows(), files })
    expect(checked.text).toContain('The zip has a file whose path leads out of it.')
  })
})

it('shows no secret of a row', async () => {
  const rows = csv('text,key\na,moonlit\n')
  const answer = await createVisitor(sandpit).post('/test/keyed/batch', { press: 'check', rows })
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(html).toContain('•••')
  expect(html).not.toContain('moonlit')
})

it('finds no batch of a model that is not there', async () => {
  expect((await createVisitor(sandpit).request('/test/gone/batch')).status).toBe(404)
  expect((await createVisitor(sandpit).post('/test/gone/batch', {})).status).toBe(404)
})

it('sends a template with the names of the inputs', async () => {
  const answer = await createVisitor(sandpit).request(`${page}/template.csv`)
  expect(await answer.text()).toBe('text,direction,times,words,picture\r\n')
})
