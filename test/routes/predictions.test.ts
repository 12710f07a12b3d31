import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileNotKept } from '../../src/domain/file/file-not-kept.ts'
import { writeModels } from '../support/models.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const models = writeModels({
  echo: `
    import { defineModel, file, z } from 'sandpit/model'
    export const echo = defineModel({
      name: 'test/echo',
      description: 'Gives back what it is given.',
      input: z.object({
        text: z.string().describe('What to <b>say</b>.'),
        times: z.int().min(1).max(5).default(1),
        picture: file({ accept: 'image/*' }).optional(),
        extra: z.array(z.object({ a: z.number() })).optional(),
      }),
      output: z.string(),
      copies: 4,
      run: ({ text, times, picture }) => text.repeat(times) + (picture ? ' ' + picture.name : ''),
    })`,
  slow: `
    import { once } from 'node:events'
    import { defineModel, z } from 'sandpit/model'
    export const slow = defineModel({
      name: 'test/slow',
      description: 'Waits until it is canceled.',
      input: z.object({ text: z.string().default('') }),
      output: z.string(),
      async *run(_input, ctx) {
        yield 'working'
        await once(ctx.signal, 'abort')
      },
    })`,
  picture: `
    import { defineModel, file, z } from 'sandpit/model'
    export const picture = defineModel({
      name: 'test/picture',
      description: 'Makes a file of what is typed.',
      input: z.object({ content: z.string(), name: z.string().default('made.txt') }),
      output: file(),
      run: ({ content, name }, ctx) => ctx.file(Buffer.from(content), { name }),
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: { SANDPIT_MAX_UPLOAD: '64KB', SANDPIT_MAX_QUEUE: '2' },
  })
})
afterAll(() => sandpit.close())

function idOf(response: Response): string {
  return idIn(response)
}

async function settled(response: Response) {
  expect(response.status).toBe(303)
  const prediction = await sandpit.runner.settledWithin(idOf(response), 60_000)
  if (!prediction) throw new Error('There is no such prediction')
  return prediction
}

const png = new File(
  [Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex')],
  'a photo.png',
  { type: 'text/html' },
)

describe('a form that can be run', () => {
  it('answers with the page of its prediction', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('test/echo', { text: 'hi ', times: '3' })
    expect((await settled(ran)).output).toBe('hi hi hi ')
    const page = await (await visitor.request(`/p/${idOf(ran)}`)).text()
    expect(page).toContain('hi hi hi')
    expect(page).not.toContain('data-live')
  })

  it('has its result in the first answer when the model is quick', async () => {
    const visitor = createVisitor(sandpit)
    await settled(await visitor.run('test/echo', { text: 'warm up' }))
    const ran = await visitor.run('test/echo', { text: 'quick' })
    const page = await (await visitor.request(`/p/${idOf(ran)}`)).text()
    expect(page).toContain('data-status="succeeded"')
  })

  it('passes an uploaded file on, typed by its content', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await settled(await visitor.run('test/echo', { text: 'see', picture: png }))
    expect(ran.output).toBe('see a photo.png')
    expect(ran.files).toMatchObject([{ name: 'a photo.png', type: 'image/png', size: 29 }])
  })

  it('makes one prediction of two presses on Run', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/echo')
    const press = () => visitor.post('/predictions', { ...hidden, 'input.text': 'twice' })
    const [first, second] = await Promise.all([press(), press()])
    expect(idOf(first)).toBe(idOf(second))
    const edited = await visitor.post('/predictions', { ...hidden, 'input.text': 'edited' })
    expect(idOf(edited)).not.toBe(idOf(first))
  })

  it('tells long texts apart by their last letter', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/echo')
    const press = (text: string) => visitor.post('/predictions', { ...hidden, 'input.text': text })
    const long = 'word '.repeat(250_000)
    const pressed = await Promise.all([press(`${long}a`), press(`${long}a`), press(`${long}b`)])
    const [first, second, other] = pressed.map(idOf)
    expect(second).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('a form that cannot be run', () => {
  it('comes back with what was typed and what is wrong', async () => {
    const response = await createVisitor(sandpit).run('test/echo', {
      text: 'keep <me>',
      times: '31',
      extra: '[{"a": 1},]',
    })
    const page = await response.text()
    expect(response.status).toBe(422)
    expect(page).toContain('keep &lt;me&gt;')
    expect(page).toContain('31 is too high. Use a whole number from 1 to 5.')
    expect(page).toContain('This is not valid JSON: line 1, column 11.')
    expect(page).toContain('href="#input-times"')
    expect(page).toContain('<title>Error: test/echo · Sandpit</title>')
  })

  it('keeps the uploaded file for the next try', async () => {
    const visitor = createVisitor(sandpit)
    const refused = await visitor.run('test/echo', { text: '', picture: png })
    const page = await refused.text()
    expect(refused.status).toBe(422)
    const kept = /name="input.picture" value="(sandpit:[^"]+)"/.exec(page)?.[1] ?? ''
    const ran = await settled(await visitor.run('test/echo', { text: 'again', picture: kept }))
    expect(ran.output).toBe('again a photo.png')
  })

  it('says the limit when a file is too large, and keeps the rest', async () => {
    const large = new File([Buffer.alloc(80 * 1024)], 'large.png')
    const response = await createVisitor(sandpit).run('test/echo', { text: 'kept', picture: large })
    const page = await response.text()
    expect(response.status).toBe(413)
    expect(page).toContain('This file is too large. The maximum is 64 KB.')
    expect(page).toContain('kept')
  })

  it('is kept when the line is full', async () => {
    const visitor = createVisitor(sandpit)
    const running = await visitor.run('test/slow', { text: 'one' })
    const waiting = [
      await visitor.run('test/slow', { text: 'two' }),
      await visitor.run('test/slow', { text: 'three' }),
    ]
    const refused = await visitor.run('test/slow', { text: 'one too many' })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('Retry-After')).toBe('10')
    expect(await refused.text()).toContain('one too many')
    const place = await (await visitor.request(`/p/${idOf(waiting[1] as Response)}`)).text()
    expect(place).toContain('Second in the queue.')
    for (const response of [...waiting, running])
      await visitor.post(`/p/${idOf(response)}/cancellation`, {})
    const ends = await Promise.all([running, ...waiting].map(settled))
    expect(ends.map(({ status }) => status)).toEqual(['canceled', 'canceled', 'canceled'])
  })

  it('says so when the model has changed since', async () => {
    const visitor = createVisitor(sandpit)
    const hidden = await visitor.openForm('test/echo')
    const response = await visitor.post('/predictions', {
      ...hidden,
      version: '0'.repeat(64),
      'input.text': 'old',
    })
    expect(response.status).toBe(409)
    expect(await response.text()).toContain('has changed since')
  })

  it('is refused when it is no form, breaks off, or comes from elsewhere', async () => {
    const visitor = createVisitor(sandpit)
    const broken = await visitor.request('/predictions', {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="model"\r\n\r\ntest/e',
    })
    expect(broken.status).toBe(400)
    expect(await broken.text()).toContain('could not be read')
    const text = await visitor.request('/predictions', { method: 'POST', body: 'hello' })
    expect(text.status).toBe(400)
    const foreign = await sandpit.app.request('http://localhost/predictions', {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://evil.example' },
      body: new URLSearchParams({ model: 'test/echo' }),
    })
    expect(foreign.status).toBe(403)
  })

  it('is a page of its own when the model is unknown', async () => {
    const visitor = createVisitor(sandpit)
    const response = await visitor.post('/predictions', {
      model: 'test/none',
      version: '',
      key: '',
    })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('Page not found')
  })

  it('says that the disk is full, and leaves no half file', async () => {
    const full = await createTestApp({
      models: [models],
      wrapFiles: (files) => ({
        ...files,
        async put(content) {
          for await (const _ of content) break
          throw new FileNotKept('no space')
        },
      }),
    })
    const response = await createVisitor(full).run('test/echo', { text: 'kept', picture: png })
    expect(response.status).toBe(507)
    expect(await response.text()).toContain('disk is full, so this file was not saved')
    await full.close()
  })
})

describe('a prediction', () => {
  it('is canceled for good', async () => {
    const visitor = createVisitor(sandpit)
    const ran = await visitor.run('test/slow', {})
    const page = await (await visitor.request(`/p/${idOf(ran)}`)).text()
    expect(page).toContain('Cancel')
    expect(page).toContain(`hx-get="/p/${idOf(ran)}/panel`)
    await visitor.post(`/p/${idOf(ran)}/cancellation`, {})
    expect((await settled(ran)).status).toBe('canceled')
  })

  it('is canceled and deleted only by who made it', async () => {
    const ran = await createVisitor(sandpit).run('test/slow', {})
    const stranger = createVisitor(sandpit)
    const seen = await (await stranger.request(`/p/${idOf(ran)}`)).text()
    expect(seen).not.toContain('Cancel')
    expect((await stranger.post(`/p/${idOf(ran)}/cancellation`, {})).status).toBe(404)
    expect((await stranger.post(`/p/${idOf(ran)}/deletion`, {})).status).toBe(404)
    await sandpit.runner.cancel(idOf(ran))
  })

  it('is deleted with the links to its files', async () => {
    const visitor = createVisitor(sandpit)
    const made = await settled(await visitor.run('test/picture', { content: 'some text' }))
    const [file] = made.files
    const link = sandpit.paths.file(file ?? { ref: '', name: '' })
    expect((await visitor.request(link)).status).toBe(200)
    const question = await visitor.request(`/p/${made.id}/deletion`)
    expect(await question.text()).toContain('Delete this prediction?')
    expect((await visitor.post(`/p/${made.id}/deletion`, {})).status).toBe(303)
    expect((await visitor.request(`/p/${made.id}`)).status).toBe(404)
    expect((await visitor.request(link)).status).toBe(404)
    const panel = await visitor.request(`/p/${made.id}/panel`)
    expect(panel.status).toBe(404)
    expect(await panel.text()).not.toContain('hx-get')
  })

  it('opens its model with its inputs, files included, and each copy of a file ends on its own', async () => {
    const visitor = createVisitor(sandpit)
    const first = await settled(await visitor.run('test/echo', { text: 'tweak me', picture: png }))
    const page = await (await visitor.request(`/test/echo?from=${first.id}`)).text()
    expect(page).toContain('tweak me')
    const kept = /name="input.picture" value="(sandpit:[^"]+)"/.exec(page)?.[1] ?? ''
    const second = await settled(await visitor.run('test/echo', { text: 'tweaked', picture: kept }))
    expect(second.files[0]?.ref).not.toBe(first.files[0]?.ref)
    expect(second.files[0]?.sha256).toBe(first.files[0]?.sha256)
    await visitor.post(`/p/${first.id}/deletion`, {})
    const link = sandpit.paths.file(second.files[0] ?? { ref: '', name: '' })
    expect((await visitor.request(link)).status).toBe(200)
  })

  it('is listed newest first, page by page', async () => {
    const visitor = createVisitor(sandpit)
    for (let made = 0; made < 52; made++)
      await settled(await visitor.run('test/echo', { text: `number ${made}` }))
    const first = await (await visitor.request('/predictions')).text()
    expect(first.indexOf('number 51')).toBeLessThan(first.indexOf('number 50'))
    const older = /href="(\/predictions\?[^"]*before=[^"]+)"/.exec(first)?.[1] ?? ''
    const second = await (await visitor.request(older.replaceAll('&amp;', '&'))).text()
    expect(second).toContain('number 1')
    expect(second).not.toContain('number 10')
  })

  it('is found among those of its model, its status and its maker', async () => {
    const visitor = createVisitor(sandpit)
    await settled(await visitor.run('test/echo', { text: 'only mine' }))
    const list = async (query: string) => (await visitor.request(`/predictions?${query}`)).text()
    expect(await list('model=test/echo&status=succeeded&who=me')).toContain('only mine')
    expect(await list('model=test/slow')).not.toContain('only mine')
    expect(await list('status=failed')).not.toContain('only mine')
    const stranger = createVisitor(sandpit)
    await stranger.openForm('test/echo')
    const theirs = await (await stranger.request('/predictions?who=me')).text()
    expect(theirs).toContain('No matching predictions')
  })

  it('is not found under an id that is none', async () => {
    const visitor = createVisitor(sandpit)
    for (const id of ['x', 'a'.repeat(26), '../etc'])
      expect((await visitor.request(`/p/${encodeURIComponent(id)}`)).status).toBe(404)
  })
})

describe('a file', () => {
  async function make(content: string, name: string) {
    const visitor = createVisitor(sandpit)
    const made = await settled(await visitor.run('test/picture', { content, name }))
    const [file] = made.files
    if (!file) throw new Error('No file was made')
    return { file, get: (headers = {}) => visitor.request(sandpit.paths.file(file), { headers }) }
  }

  it('is served in parts, and not again when it is known', async () => {
    const { get } = await make('0123456789', 'digits.txt')
    const whole = await get()
    expect(whole.headers.get('Content-Length')).toBe('10')
    const part = await get({ Range: 'bytes=2-4' })
    expect([part.status, await part.text()]).toEqual([206, '234'])
    expect(part.headers.get('Content-Range')).toBe('bytes 2-4/10')
    const tail = await get({ Range: 'bytes=-3' })
    expect(await tail.text()).toBe('789')
    expect((await get({ Range: 'bytes=10-' })).status).toBe(416)
    const etag = whole.headers.get('ETag') ?? ''
    expect((await get({ 'If-None-Match': etag })).status).toBe(304)
    expect((await get({ Range: 'bytes=0-1', 'If-Range': '"other"' })).status).toBe(200)
  })

  it.each([
    ['<script>alert(1)</script>', 'page.png', 'application/octet-stream', 'attachment'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'drawing.svg', 'image/svg+xml', 'inline'],
    ['plain', 'notes.txt', 'text/plain; charset=utf-8', 'inline'],
  ])('of %s is inert', async (content, name, type, disposition) => {
    const response = await (await make(content, name)).get()
    expect(response.headers.get('Content-Type')).toBe(type)
    expect(response.headers.get('Content-Disposition')).toMatch(new RegExp(`^${disposition};`))
    expect(response.headers.get('Content-Security-Policy')).toContain('sandbox')
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
  })

  it('has a name that cannot break out of a header or a path', async () => {
    const { file, get } = await make('x', '../../etc/pass"wd\r\nX-Evil: 1.txt')
    expect(file.name).toBe('passwdX-Evil 1.txt')
    expect((await get()).headers.get('X-Evil')).toBeNull()
  })
})

describe('an address', () => {
  it('is answered only under names that are known', async () => {
    const evil = await sandpit.app.request('http://evil.example/')
    expect(evil.status).toBe(421)
    expect((await sandpit.app.request('http://127.0.0.1:3000/')).status).toBe(200)
  })

  it('that takes another method says which', async () => {
    const response = await createVisitor(sandpit).request('/predictions', { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('Allow')).toContain('POST')
  })
})

it('shows no stack trace when something of ours fails', async () => {
  const broken = await createTestApp({
    models: [models],
    wrapFiles: (files) => ({
      ...files,
      put() {
        throw new Error('secret detail')
      },
    }),
  })
  const response = await createVisitor(broken).run('test/echo', { text: 'x', picture: png })
  const page = await response.text()
  expect(response.status).toBe(500)
  expect(page).toContain('That did not work')
  expect(page).not.toContain('secret detail')
  await broken.close()
})

it('shows a model that cannot be imported as broken, beside the others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-models-'))
  writeFileSync(join(folder, 'note.txt'), 'not a model')
  const broken = writeModels({ bad: `throw new Error('no licence')` })
  const app = await createTestApp({ models: [broken, folder, models] })
  const visitor = createVisitor(app)
  const home = await (await visitor.request('/')).text()
  expect(home).toContain('Broken')
  expect(home).toContain('echo')
  const owner = broken.split('/').at(-1)
  const page = await (await visitor.request(`/${owner}/bad`)).text()
  expect(page).toContain('no licence')
  await app.close()
})
