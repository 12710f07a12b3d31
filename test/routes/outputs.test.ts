import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zipOf } from '../../src/routes/files/archive.ts'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { shareLinksOf } from '../support/shares.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  maker: `
    import { defineModel, z } from 'sandpit/model'
    export const maker = defineModel({
      name: 'test/maker',
      description: 'Makes what it is told, with a file for each name after a colon.',
      input: z.object({ output: z.string() }),
      output: z.any(),
      run({ output }, ctx) {
        console.log('made', output.length)
        return JSON.parse(output, (_key, value) =>
          typeof value === 'string' && value.startsWith('file:')
            ? ctx.file(Buffer.from('content of ' + value.slice(5)), { name: value.slice(5) })
            : value)
      },
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

async function make(output: unknown) {
  const visitor = createVisitor(sandpit)
  const ran = await visitor.run('test/maker', { output: JSON.stringify(output) })
  const id = idIn(ran)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  if (!prediction) throw new Error('There is no such prediction')
  const get = (path: string, headers: Record<string, string> = {}) =>
    visitor.request(`/p/${id}${path}`, { headers })
  return { id, visitor, prediction, get }
}

describe('an output by itself', () => {
  it('is text when it is a text', async () => {
    const { get } = await make('<script>1</script>')
    const response = await get('/output.txt')
    expect(response.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(response.headers.get('Content-Security-Policy')).toContain('sandbox')
    expect(await response.text()).toBe('<script>1</script>')
    expect((await get('/output.csv')).status).toBe(404)
    expect((await get('/files.zip')).status).toBe(404)
  })

  it('is JSON whatever it is, with files as addresses that answer', async () => {
    const { get, visitor } = await make({ a: ['file:a cat.txt'], n: null })
    expect((await get('/output.txt')).status).toBe(404)
    const { a, n } = (await (await get('/output.json')).json()) as { a: string[]; n: null }
    expect(n).toBeNull()
    expect(a[0]).toMatch(/^http:\/\/localhost\/files\/[a-z2-7]{26}\/a%20cat\.txt$/)
    const file = await visitor.request(new URL(a[0] ?? '').pathname)
    expect(await file.text()).toBe('content of a cat.txt')
  })

  it('is CSV when it is a table', async () => {
    const { get, id } = await make([
      { a: '=1+1', b: 1 },
      { a: 'x', b: 2 },
    ])
    const response = await get('/output.csv')
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="${id}.csv"`)
    expect(await response.text()).toBe("a,b\r\n'=1+1,1\r\nx,2\r\n")
  })

  it('is a zip of its files, each under a name of its own', async () => {
    const inline = 'data:text/plain;base64,aGVsbG8='
    const { get, id } = await make(['file:note.txt', 'file:../../note.txt', inline])
    const response = await get('/files.zip')
    expect(response.headers.get('Content-Type')).toBe('application/zip')
    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="${id}.zip"`)
    expect(entriesOf(Buffer.from(await response.arrayBuffer()))).toEqual({
      'note.txt': 'content of note.txt',
      'note-2.txt': 'content of ../../note.txt',
      'output-1.txt': 'hello',
    })
  })

  it('gives a file it holds itself, and lets it do nothing', async () => {
    const { get } = await make(['data:text/html,%3Cscript%3E1', 'data:image/png;base64,AAEC'])
    const page = await get('/inline/0/output-1.html')
    expect(page.headers.get('Content-Type')).toBe('application/octet-stream')
    expect(page.headers.get('Content-Disposition')).toContain('attachment')
    expect(await page.text()).toBe('<script>1')
    const picture = await get('/inline/1/output-2.png')
    expect(picture.headers.get('Content-Type')).toBe('image/png')
    expect(picture.headers.get('Content-Security-Policy')).toContain('sandbox')
    expect([...new Uint8Array(await picture.arrayBuffer())]).toEqual([0, 1, 2])
    for (const none of ['2', '-1', 'x', '__proto__'])
      expect((await get(`/inline/${none}/a.png`)).status).toBe(404)
  })

  it('shows the source of a file of its own, and of no other', async () => {
    const { get, prediction } = await make(['file:page.html'])
    const source = await get(`/sources/${prediction.files[0]?.ref}`)
    expect(source.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(await source.text()).toBe('content of page.html')
    const other = await make(['file:other.html'])
    expect((await get(`/sources/${other.prediction.files[0]?.ref}`)).status).toBe(404)
  })
})

describe('a prediction as JSON', () => {
  it('has the shape that Replicate gives it', async () => {
    const { id, get, prediction } = await make('done')
    expect(await (await get('/prediction.json')).json()).toEqual({
      id,
      model: 'test/maker',
      version: prediction.version,
      status: 'succeeded',
      input: { output: '"done"' },
      output: 'done',
      error: null,
      logs: 'made 6\n',
      metrics: { predict_time: expect.any(Number), total_time: expect.any(Number) },
      data_removed: false,
      source: 'web',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      started_at: expect.stringMatching(/Z$/),
      completed_at: expect.stringMatching(/Z$/),
      urls: {
        get: `http://localhost/p/${id}/prediction.json`,
        web: `http://localhost/p/${id}`,
      },
    })
  })

  it('is what its page answers to those who ask for JSON', async () => {
    const { get, id } = await make('done')
    const json = await get('', { Accept: 'application/json' })
    expect(json.headers.get('Vary')).toContain('Accept')
    expect(await json.json()).toMatchObject({ id, output: 'done' })
    for (const accept of ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*', '']) {
      const page = await get('', accept === '' ? {} : { Accept: accept })
      expect(page.headers.get('Content-Type')).toContain('text/html')
      expect(page.headers.get('Vary')).toContain('Accept')
    }
  })

  it('is Markdown to those who ask for that, with fences that hold', async () => {
    const { get } = await make('a\n```\nb')
    const response = await get('', { Accept: 'text/markdown' })
    expect(response.headers.get('Content-Type')).toBe('text/markdown; charset=utf-8')
    const text = await response.text()
    expect(text).toContain('# test/maker')
    expect(text).toContain('## Output\n\n````\na\n```\nb\n````\n')
  })

  it('is not there when its prediction is not', async () => {
    const visitor = createVisitor(sandpit)
    for (const path of ['', '/prediction.json', '/output.txt', '/output.json', '/files.zip'])
      for (const id of ['a'.repeat(26), 'x'])
        expect((await visitor.request(`/p/${encodeURIComponent(id)}${path}`)).status).toBe(404)
  })
})

describe('a shared prediction', () => {
  it('gives all of that under its link alone, until the link ends', async () => {
    const { id, visitor, get } = await make({ note: 'file:note.txt', text: 'x' })
    await visitor.post(`/p/${id}/shares`, {})
    const [share] = await shareLinksOf(sandpit, id)
    const link = share?.link ?? ''
    const stranger = createVisitor(sandpit)
    const json = (await (await stranger.request(`${link}/prediction.json`)).json()) as {
      output: { note: string }
      urls: { get: string; web: string }
    }
    expect(json.urls).toEqual({
      get: `http://localhost${link}/prediction.json`,
      web: `http://localhost${link}`,
    })
    expect(json.output.note).toContain(`http://localhost${link}/files/`)
    const page = await (await stranger.request(link)).text()
    expect(page).toContain(`href="${link}?as=json"`)
    expect(page).not.toContain(`href="/p/`)
    expect((await stranger.request(`${link}/files.zip`)).status).toBe(200)
    const asked = await stranger.request(link, { headers: { Accept: 'application/json' } })
    expect(asked.headers.get('Content-Type')).toContain('application/json')

    await visitor.post(`/p/${id}/shares/${share?.id}/revocation`, {})
    for (const path of ['/prediction.json', '/output.json', '/files.zip'])
      expect((await stranger.request(link + path)).status).toBe(404)
    const ended = await stranger.request(link, { headers: { Accept: 'application/json' } })
    expect(ended.status).toBe(410)
    expect((await get('/output.json')).status).toBe(200)
  })
})

describe('an archive', () => {
  const chunk = new Uint8Array(64 * 1024)

  function entries(count: number) {
    const seen = { opened: 0, closed: 0, chunks: 0 }
    const open = async () => {
      seen.opened++
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (++seen.chunks % 100 === 0) controller.close()
          else controller.enqueue(chunk)
        },
        cancel: () => void seen.closed++,
      })
    }
    const list = Array.from({ length: count }, (_, at) => ({ name: `${at}`, open, madeAt: 0 }))
    return { seen, list }
  }

  it('opens nothing before it is read, and one entry at a time', async () => {
    const { seen, list } = entries(5)
    const reader = zipOf(list).getReader()
    expect(seen.opened).toBe(0)
    await reader.read()
    await eventually(() => expect(seen.opened).toBe(1))
    expect(seen.chunks).toBeLessThan(80)
    let bytes = 0
    for (let part = await reader.read(); !part.done; part = await reader.read())
      bytes += part.value.byteLength
    expect(seen.opened).toBe(5)
    expect(bytes).toBeGreaterThan(4 * 99 * chunk.byteLength)
  })

  it('closes what it has open when its reader leaves', async () => {
    const { seen, list } = entries(5)
    const reader = zipOf(list).getReader()
    await reader.read()
    await reader.cancel()
    await eventually(() => expect(seen.closed).toBe(1))
    expect(seen.opened).toBe(1)
  })

  it('leaves out what is gone, and breaks off when a content does', async () => {
    const gone = { name: 'gone', open: async () => null, madeAt: 0 }
    const whole = Buffer.from(await new Response(zipOf([gone])).arrayBuffer())
    expect(entriesOf(whole)).toEqual({})
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('the disk is gone')),
    })
    const archive = zipOf([{ name: 'a', open: async () => broken, madeAt: 0 }])
    await expect(new Response(archive).arrayBuffer()).rejects.toThrow('the disk is gone')
  })
})

/** The entries of a zip archive that is not compressed, as its directory lists them. */
function entriesOf(zip: Buffer): Record<string, string> {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const entries: Record<string, string> = {}
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    expect(zip.readUInt16LE(at + 10)).toBe(0)
    const [size, nameSize] = [zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)]
    const header = zip.readUInt32LE(at + 42)
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28)
    const content = zip.subarray(start, start + size)
    expect(zip.readUInt32LE(at + 16)).toBe(crc32(content))
    entries[zip.toString('utf8', at + 46, at + 46 + nameSize)] = content.toString()
    at += 46 + nameSize + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return entries
}
