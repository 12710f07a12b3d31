import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileUri } from '../../../src/domain/file/file.ts'
import { sentByBrowser } from '../../support/browser-form.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'

const models = writeModels({
  all: `
    import { defineModel, file, secret, z } from 'sandpit/model'
    export const all = defineModel({
      name: 'test/all',
      description: 'Takes everything.',
      input: z.object({
        prompt: z.string().default('a cat'),
        steps: z.int().min(1).max(50).default(20),
        tags: z.array(z.string()).optional(),
        sizes: z.array(z.int()).default([1, 2]),
        photos: z.array(file()).optional(),
        photo: file().optional(),
        extra: z.record(z.string(), z.json()).optional(),
        token: secret().optional(),
        from: z.string().optional(),
        input: z.string().optional(),
      }),
      output: z.record(z.string(), z.json()),
      copies: 4,
      run: ({ photo, photos, token, ...rest }) => ({
        ...rest,
        ...(photo ? { photo: photo.name } : {}),
        ...(photos ? { photos: photos.map(({ name }) => name) } : {}),
        ...(token ? { token: token.length } : {}),
      }),
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

/** The form data a browser would send, with a button pressed and some controls filled in. */
function filled(page: string, changes: FormValues = {}): FormValues {
  const start = page.indexOf('<form class="inputs"')
  const form = page.slice(start, page.indexOf('</form>', start))
  const sent = new Map<string, (string | File)[]>()
  for (const [name, text] of sentByBrowser(form)) sent.set(name, [...(sent.get(name) ?? []), text])
  return { ...Object.fromEntries(sent), ...changes }
}

async function open(query = '') {
  const visitor = createVisitor(sandpit)
  const page = await (await visitor.request(`/test/all${query}`)).text()
  return { visitor, page }
}

async function run(visitor: ReturnType<typeof createVisitor>, values: FormValues) {
  const response = await visitor.post('/predictions', values)
  expect(response.status, await response.clone().text()).toBe(303)
  const id = idIn(response)
  const prediction = await sandpit.runner.settledWithin(id, 60_000)
  if (!prediction) throw new Error('There is no such prediction')
  return prediction
}

async function press(visitor: ReturnType<typeof createVisitor>, page: string, changes: FormValues) {
  const response = await visitor.post('/predictions', filled(page, changes))
  expect(response.status).toBe(200)
  return response.text()
}

describe('a model without examples', () => {
  it('says how it gets one, and leads to its form', async () => {
    const page = await (await createVisitor(sandpit).request('/test/all/examples')).text()
    expect(page).toContain('Add to examples')
    expect(page).toContain('<a class="button" href="/test/all">Open the form</a>')
  })
})

describe('rows', () => {
  it('are added, moved and removed by the server', async () => {
    const { visitor, page } = await open()
    let now = await press(visitor, page, { add: 'tags' })
    now = await press(visitor, now, { 'input.tags': ['unset', 'one'], add: 'tags' })
    now = await press(visitor, now, { 'input.tags': ['unset', 'one', 'two'], 'move-up': 'tags.1' })
    const moved = await run(visitor, filled(now))
    expect(moved.input.tags).toEqual(['two', 'one'])
    now = await press(visitor, now, { remove: 'tags.0' })
    expect((await run(visitor, filled(now))).input.tags).toEqual(['one'])
  })

  it('move up and down by one, and no further than the ends', async () => {
    const { visitor, page } = await open()
    const tags = ['unset', 'a', 'b', 'c', 'd']
    const tagsAfter = async (changes: FormValues) => {
      const now = await press(visitor, page, { 'input.tags': tags, ...changes })
      return (await run(visitor, filled(now))).input.tags
    }
    expect(await tagsAfter({ 'move-down': 'tags.1' })).toEqual(['a', 'c', 'b', 'd'])
    expect(await tagsAfter({ 'move-down': 'tags.3' })).toEqual(['a', 'b', 'c', 'd'])
    expect(await tagsAfter({ 'move-up': 'tags.2' })).toEqual(['a', 'c', 'b', 'd'])
    expect(await tagsAfter({ 'move-up': 'tags.0' })).toEqual(['a', 'b', 'c', 'd'])
  })

  it('may all go, and are then an empty list where a default would fill them', async () => {
    const { visitor, page } = await open()
    expect((await run(visitor, filled(page))).input.sizes).toEqual([1, 2])
    let now = await press(visitor, page, { remove: 'sizes.1' })
    now = await press(visitor, now, { remove: 'sizes.0' })
    expect((await run(visitor, filled(now))).input.sizes).toEqual([])
  })

  it('say which of them is wrong, and keep the others', async () => {
    const { visitor, page } = await open()
    const response = await visitor.post(
      '/predictions',
      filled(page, { 'input.sizes': ['', '4', 'many'] }),
    )
    expect(response.status).toBe(422)
    const answer = await response.text()
    expect(answer).toContain('Row 2: “many” is not a whole number.')
    expect(answer).toContain('value="4"')
  })

  it('take several files at once, beside those that were kept', async () => {
    const { visitor, page } = await open()
    const files = ['a.txt', 'b.txt'].map((name) => new File([name], name))
    const kept = await press(visitor, page, { 'input.photos': ['unset', ...files], add: 'tags' })
    const third = new File(['c'], 'c.txt')
    const values = filled(kept)
    const before = values['input.photos'] as string[]
    const made = await run(visitor, { ...values, 'input.photos': [...before.slice(0, -1), third] })
    expect(made.output).toMatchObject({ photos: ['a.txt', 'b.txt', 'c.txt'] })
  })
})

describe('a file', () => {
  it('is let go by its button', async () => {
    const { visitor, page } = await open()
    const file = new File(['x'], 'x.txt')
    const kept = await press(visitor, page, { 'input.photo': file, add: 'tags' })
    expect(kept).toContain('x.txt')
    const gone = await press(visitor, kept, { remove: 'photo' })
    expect(gone).not.toContain('x.txt')
    expect((await run(visitor, filled(gone))).input.photo).toBeUndefined()
  })
})

describe('a picture', () => {
  it('is shown with its size each time that the form is drawn, and so is its prediction', async () => {
    const png = await sharp({ create: { width: 30, height: 18, channels: 3, background: 'tan' } })
      .png()
      .toBuffer()
    const { visitor, page } = await open()
    const photo = new File([new Uint8Array(png)], 'dune.png')
    let kept = await press(visitor, page, { 'input.photo': photo, add: 'tags' })
    expect(kept).toMatch(/dune\.png<\/a> <small>30 × 18, \d+ B, uploaded/)
    kept = await press(visitor, kept, { add: 'tags' })
    expect(kept).toMatch(/dune\.png<\/a> <small>30 × 18, \d+ B, uploaded/)
    const [file] = (await run(visitor, filled(kept))).files
    expect(file?.pixels).toEqual({ width: 30, height: 18 })
  })
})

/** A file that a prediction of a visitor's made. */
async function madePicture() {
  const { visitor, page } = await open()
  const made = await run(visitor, filled(page, { 'input.photo': new File(['x'], 'made.txt') }))
  const [file] = made.files
  if (!file) throw new Error('No file was made')
  return { visitor, uri: fileUri(file) }
}

describe('a file of an earlier prediction', () => {
  it('is taken by its own address, from a link or typed into the form', async () => {
    const { visitor, page } = await open()
    const made = await run(visitor, filled(page, { 'input.photo': new File(['x'], 'earlier.txt') }))
    const [file] = made.files
    const path = sandpit.paths.file(file ?? { ref: '', name: '' })
    const linked = await open(`?input.photo=${encodeURIComponent(path)}`)
    expect(linked.page).toContain('earlier.txt')
    expect((await run(linked.visitor, filled(linked.page))).output).toMatchObject({
      photo: 'earlier.txt',
    })
    const fresh = await open()
    const address = { 'input.photo': `http://localhost${path}` }
    const typed = await run(fresh.visitor, filled(fresh.page, address))
    expect(typed.output).toMatchObject({ photo: 'earlier.txt' })
    expect(typed.files[0]?.ref).not.toBe(file?.ref)
  })
})

describe('previous outputs', () => {
  it('stand below the address, which stays, and are closed again', async () => {
    const { visitor, page } = await open('?photo=https%3A%2F%2Fexample.com%2Fa.png')
    const opened = await press(visitor, page, { earlier: 'photo' })
    expect(opened).toContain('value="https://example.com/a.png"')
    expect(opened).toContain('name="close" value="photo"')
    const closed = await press(visitor, opened, { close: 'photo' })
    expect(closed).toContain('value="https://example.com/a.png"')
    expect(closed).not.toContain('name="close"')
  })

  it('count before the address when one is chosen, and not when none is', async () => {
    const made = await madePicture()
    const visitor = made.visitor
    const page = await (await visitor.request('/test/all?photo=data%3Atext%2Fplain%2Cx')).text()
    const opened = await press(visitor, page, { earlier: 'photo' })
    const values = filled(opened)
    expect(values['input.photo']).toContain('')
    const none = await run(visitor, values)
    expect(none.output).toMatchObject({ photo: expect.not.stringContaining('made.txt') })
    const chosen = [...(values['input.photo'] as string[]), made.uri]
    const closed = await press(visitor, opened, { 'input.photo': chosen, close: 'photo' })
    expect(closed).toContain('made.txt')
    expect((await run(visitor, filled(closed))).output).toMatchObject({ photo: 'made.txt' })
  })
})

describe('a file that is given as a data address', () => {
  const picture = `data:image/png;base64,${'iVBORw0KGgo'.repeat(400)}=`

  it('is shown as a file with its size, on its page, in lists and in the form', async () => {
    const { visitor, page } = await open()
    const extra = JSON.stringify({ deep: [picture] })
    const made = await run(
      visitor,
      filled(page, { 'input.photo': picture, 'input.extra': extra, 'input.input': 'a text' }),
    )
    const shown = await (await visitor.request(`/p/${made.id}`)).text()
    const href = /href="([^"]*\/given\/[^"]*)"/.exec(shown)?.[1] ?? ''
    expect(href).toBe(`/p/${made.id}/given/0/input-1.png`)
    expect(shown).toContain('3.2 KB')
    expect(shown).toContain(`<img src="${href}"`)
    const listed = await (await visitor.request('/predictions')).text()
    expect(listed).toContain('photo.png')
    const tweak = await (await visitor.request(`/test/all?from=${made.id}`)).text()
    expect(tweak).toContain('3.2 KB, from a data: URL')
    for (const html of [shown, listed]) expect(html).not.toContain('iVBORw0KGgo')
    expect((await run(visitor, filled(tweak))).input).toEqual(made.input)
    const content = await visitor.request(href)
    expect([content.status, (await content.arrayBuffer()).byteLength]).toEqual([200, 3300])
    expect((await visitor.request(`/p/${made.id}/given/7/input-1.png`)).status).toBe(404)
  })
})

describe('a secret', () => {
  it('reaches the model and is nowhere else', async () => {
    const { visitor, page } = await open()
    const made = await run(visitor, filled(page, { 'input.token': 'hunter2-secret' }))
    expect(made.output).toMatchObject({ token: 14 })
    expect(made.input.token).toBe('[REDACTED]')
    expect(await sandpit.store.findSecrets(made.id)).toBeNull()
    const shown = await (await visitor.request(`/p/${made.id}`)).text()
    expect(shown).toContain('[REDACTED]')
    const tweak = await (await visitor.request(`/test/all?from=${made.id}`)).text()
    for (const text of [shown, tweak]) expect(text).not.toContain('hunter2')
  })

  it('is asked for again by Run again, and is not echoed by a form with errors', async () => {
    const { visitor, page } = await open()
    const made = await run(visitor, filled(page, { 'input.token': 'hunter2-secret' }))
    const again = await visitor.post('/predictions', {
      ...(await visitor.openForm('test/all')),
      from: made.id,
    })
    expect(again.status).toBe(422)
    expect(await again.text()).toContain('Secrets are not saved')
    const wrong = await visitor.post(
      '/predictions',
      filled(page, { 'input.token': 'hunter2-secret', 'input.steps': '99' }),
    )
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).not.toContain('hunter2')
  })
})

describe('a link', () => {
  it('fills the form in, by full or by short names', async () => {
    const { visitor, page } = await open(
      '?input.prompt=a+dog&steps=4&tags=%5B%22x%22%2C%22y%22%5D&input.from=here&from=nowhere',
    )
    const made = await run(visitor, filled(page))
    expect(made.input).toMatchObject({ prompt: 'a dog', steps: 4, tags: ['x', 'y'], from: 'here' })
  })

  it('shows what it cannot fill in, with the error, and never a secret', async () => {
    const { page } = await open('?steps=many&input.token=hunter2')
    expect(page).toContain('“many” is not a whole number.')
    expect(page).not.toContain('hunter2')
  })

  it('with values that do not fit says nothing of a run or of what was typed', async () => {
    const { visitor, page } = await open('?steps=many')
    expect(page).toContain('1 input needs attention')
    expect(page).toContain('Correct them, then press Run.')
    expect(page).not.toContain('>Nothing was run')
    expect(page).not.toContain('still here.</p>')
    const ran = await visitor.post('/predictions', filled(page))
    expect(await ran.text()).toContain('Nothing was run. Your inputs and files are still here.')
    const changed = await visitor.post('/predictions', filled(page, { json: '{', view: 'form' }))
    const answer = await changed.text()
    expect(answer).toContain('Your inputs and files are still here.')
    expect(answer).not.toContain('>Nothing was run')
  })

  it('to these inputs leaves out defaults, secrets and files', async () => {
    const { visitor, page } = await open()
    const answer = await press(visitor, page, {
      'input.prompt': 'a fox & more',
      'input.tags': ['unset', 'red'],
      'input.token': 'hunter2',
      'input.photo': new File(['x'], 'x.txt'),
      link: 'inputs',
    })
    const [, link = ''] = /id="input-link"[^>]*value="([^"]+)"/.exec(answer) ?? []
    const url = new URL(link.replaceAll('&amp;', '&'))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'input.prompt': 'a fox & more',
      'input.tags': '["red"]',
    })
    const opened = await open(url.search)
    expect((await run(opened.visitor, filled(opened.page))).input).toMatchObject({
      prompt: 'a fox & more',
      tags: ['red'],
    })
  })
})

describe('the JSON view', () => {
  it('shows the same input, edits it, runs it, and goes back', async () => {
    const { visitor, page } = await open('?prompt=from+the+form')
    const asJson = await press(visitor, page, { view: 'json' })
    expect(asJson).toContain('&quot;prompt&quot;: &quot;from the form&quot;')
    const edited = JSON.stringify({ prompt: 'edited', steps: 7, tags: ['a'], extra: { deep: [1] } })
    const made = await run(visitor, filled(asJson, { json: edited }))
    expect(made.input).toEqual({ prompt: 'edited', steps: 7, tags: ['a'], extra: { deep: [1] } })
    const back = await press(visitor, asJson, { json: edited, view: 'form' })
    expect(back).toContain('edited</textarea>')
  })

  it('says what is wrong with it, and keeps it', async () => {
    const { visitor, page } = await open()
    const asJson = await press(visitor, page, { view: 'json' })
    for (const [json, problem] of [
      ['{"steps": 7,}', 'line 1, column 13'],
      ['[1]', 'Enter a JSON object'],
      ['{"colour": 1}', 'no input called “colour”'],
      ['{"steps": 99}', '99 is too high'],
    ] as const) {
      const response = await visitor.post('/predictions', filled(asJson, { json }))
      const answer = await response.text()
      expect(response.status).toBe(422)
      expect(answer).toContain(problem)
      expect(answer).toContain('name="json"')
    }
  })
})
