import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  keep: `
    import { defineModel, file, z } from 'sandpit/model'
    export const keep = defineModel({
      name: 'test/keep',
      description: 'Gives back its file.',
      input: z.object({ file: file(), text: z.string().default('') }),
      output: file(),
      run: ({ file }) => file,
    })`,
})

/** Contents that were opened, and neither read to their end nor closed. */
const leftOpen = new Set<object>()

function watched(content: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = content.getReader()
  leftOpen.add(reader)
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (!done) return controller.enqueue(value)
      leftOpen.delete(reader)
      controller.close()
    },
    async cancel() {
      leftOpen.delete(reader)
      await reader.cancel()
    },
  })
}

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    wrapFiles: (files) => ({
      ...files,
      async open(...asked) {
        const content = await files.open(...asked)
        return content && watched(content)
      },
    }),
  })
})
afterAll(() => sandpit.close())

describe('a form from another site', () => {
  const elsewhere = [
    { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'http://localhost:8080', 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'null' },
    {},
  ]
  // Browsers send the last of these to any address that a page names for its reports, without asking first.
  const types = ['application/x-www-form-urlencoded', 'text/plain', 'application/csp-report']

  /** Upstreams and providers send no forms of pages, and pages of the origins that are named may send to `/embed`. */
  const ofPrograms = /^\/(?:embed\/|hooks\/|sign-out\/back-channel$)/

  it('is refused at every address that takes one', async () => {
    const taking = sandpit.app.routes.filter(
      ({ method, path }) => method === 'POST' && !ofPrograms.test(path),
    )
    const paths = new Set(taking.map(({ path }) => path.replace(/:\w+/g, 'a'.repeat(26))))
    expect(paths.size).toBeGreaterThan(10)
    for (const path of paths)
      for (const headers of elsewhere)
        for (const type of types) {
          const answer = await sandpit.app.request(`http://localhost${path}`, {
            method: 'POST',
            headers: { ...headers, 'Content-Type': type, Host: 'localhost' },
            body: 'a=b',
          })
          expect(answer.status, `${path} ${type} ${JSON.stringify(headers)}`).toBe(403)
        }
  })
})

describe('a form that is far too long', () => {
  const long = 'a'.repeat(2 ** 20)

  it('is not read, whether it says its length or not', async () => {
    const visitor = createVisitor(sandpit)
    const said = await visitor.post('/theme', { theme: 'dark', more: long })
    expect(said.status).toBe(413)
    const unsaid = await visitor.request('/theme', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'Transfer-Encoding': 'chunked',
      },
      body: `theme=dark&more=${long}`,
    })
    expect(unsaid.status).toBe(413)
    expect((await visitor.post('/theme', { theme: 'dark' })).status).toBe(303)
  })

  it('is refused when all its fields together are, and none of its later files is kept', async () => {
    const visitor = createVisitor(sandpit)
    const field = 'a'.repeat(9 * 2 ** 20)
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`input.n${at}`, field]))
    const late = new File(['a file after too many fields'], 'late.txt')
    const answer = await visitor.post('/predictions', { ...many, 'input.file': late })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('more than 32 MB of text')
    const kept: string[] = []
    for await (const sha256 of sandpit.files.list(Date.now() + 60_000)) kept.push(sha256)
    expect(kept).toEqual([])
  })
})

describe('a form that breaks off in a file', () => {
  const head = 'Content-Disposition: form-data; name="input.file"; filename="a.bin"'
  const incoming = () => readdirSync(join(sandpit.data, 'files', 'incoming'))
  const start = `--x\r\n${head}\r\n\r\n${'a'.repeat(200_000)}`

  it('because its sender is gone leaves nothing of it', async () => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from(start)),
      async pull(controller) {
        await eventually(() => expect(incoming().length).toBe(1))
        controller.error(new Error('aborted'))
      },
    })
    const answer = await sendBroken(body)
    expect(answer.status).toBe(400)
    expect(incoming()).toEqual([])
  })

  it('because its end is missing leaves nothing of it', async () => {
    const answer = await sendBroken(start)
    expect(answer.status).toBe(400)
    expect(incoming()).toEqual([])
  })

  const sendBroken = (body: BodyInit) =>
    createVisitor(sandpit).request('/predictions', {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body,
      duplex: 'half',
    } as RequestInit)
})

describe('HEAD', () => {
  it('says what GET would and leaves no file open', async () => {
    const visitor = createVisitor(sandpit)
    const text = 'some text '.repeat(50_000)
    const made = await visitor.run('test/keep', { file: new File([text], 'in.txt') })
    const id = idIn(made)
    const prediction = await sandpit.runner.settledWithin(id, 60_000)
    const [file] = prediction?.files ?? []
    if (!file) throw new Error('There is no file')
    leftOpen.clear()
    for (const path of [sandpit.paths.file(file), `/p/${id}/sources/${file.ref}`]) {
      const answer = await visitor.request(path, { method: 'HEAD' })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('Content-Type')).toContain('text/plain')
    }
    const { headers } = await visitor.request(sandpit.paths.file(file), { method: 'HEAD' })
    expect(headers.get('Content-Length')).toBe(String(text.length))
    expect(leftOpen.size).toBe(0)
  })
})

describe('a file whose content is gone', () => {
  it('is a page that says so, with nothing of the file in its headers', async () => {
    const visitor = createVisitor(sandpit)
    const made = await visitor.run('test/keep', { file: new File(['soon gone'], 'gone.txt') })
    const id = idIn(made)
    const [file] = (await sandpit.runner.settledWithin(id, 60_000))?.files ?? []
    if (!file) throw new Error('There is no file')
    await sandpit.files.remove(file.sha256, Date.now() + 60_000)
    const answer = await visitor.request(sandpit.paths.file(file))
    expect(answer.status).toBe(404)
    expect(answer.headers.get('Content-Type')).toContain('text/html')
    for (const name of ['Content-Length', 'Content-Disposition', 'ETag', 'Accept-Ranges'])
      expect(answer.headers.get(name), name).toBeNull()
  })
})
