import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/domain/id.ts'
import { noFields } from '../../src/domain/model/edit.ts'
import { echo, writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor, type FormValues } from '../support/visitor.ts'

const draws = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/draws', description: 'Draws.',
  input: z.object({ text: z.string() }), output: file(),
  run: (_, ctx) => ctx.file(Buffer.from(PICTURE, 'base64'), { name: 'made.png' }),
})`

const mixed = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/mixed', description: 'Takes several.',
  input: z.object({ text: z.string(), caption: z.string(), number: z.int() }), output: z.string(),
  run: ({ text }) => text,
})`
const takes = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/takes', description: 'Takes a photo.',
  input: z.object({ photo: file() }), output: z.string(),
  run: () => 'taken',
})`

/** Longer than what can be typed, with line ends of Windows. */
const wordy = echo
  .replace('team/echo', 'team/wordy')
  .replace(`'Says it again.'`, `' ${'Says it again. '.repeat(200)}'`)

const noBytes = new Uint8Array(16)

const picture = await sharp({
  create: { width: 60, height: 40, channels: 3, background: '#c80' },
})
  .png()
  .toBuffer()

const models = [
  writeModels({
    echo,
    wordy,
    mixed,
    takes,
    draws: draws.replace('PICTURE', `'${picture.toString('base64')}'`),
  }),
]
writeFileSync(join(models[0] ?? '', 'wordy/README.md'), '\r\n# Wordy\r\n\r\nIt repeats.\r\n')
const ref = { owner: 'team', name: 'echo' }
const drawing = { owner: 'team', name: 'draws' }
const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga, otto' }
const path = '/team/echo/edit'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models, environment })
})
afterEach(async () => {
  await Promise.all([ref, drawing].map((one) => sandpit.edits.remove(one)))
})
afterAll(() => sandpit.close())

/** Someone whom the proxy calls by a name, in a browser without scripts. */
function person(name: string) {
  const visitor = createVisitor(sandpit)
  const headers = { 'X-User': name }
  async function shown(answer: Response) {
    return { status: answer.status, to: answer.headers.get('Location'), text: await answer.text() }
  }
  const get = async (url: string) => shown(await visitor.request(url, { headers }))
  return {
    get,
    async post(url: string, values: FormValues) {
      const body = new FormData()
      for (const [key, value] of Object.entries(values))
        for (const one of Array.isArray(value) ? value : [value]) body.append(key, one)
      return shown(await visitor.request(url, { method: 'POST', headers, body }))
    },
    /** The fields of the edit page as it shows them. */
    async open(url = path): Promise<Record<string, string>> {
      return fieldsIn((await get(url)).text)
    },
  }
}

function fieldsIn(html: string): Record<string, string> {
  const text = (raw: string) => raw.replace(/&quot;/g, '"').replace(/&amp;/g, '&')
  const areas = html.matchAll(/<textarea[^>]* name="(\w+)"[^>]*>([^<]*)<\/textarea>/g)
  const inputs = html.matchAll(/<input(?=[^>]*type="hidden"|[^>]*id=)[^>]*>/g)
  const found: Record<string, string> = {}
  for (const [, name = '', value = ''] of areas) found[name] = text(value.replace(/^\n/, ''))
  for (const [tag] of inputs) {
    const name = / name="(\w+)"/.exec(tag)?.[1]
    if (name && !tag.includes('type="file"'))
      found[name] = text(/ value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  const chosen = /name="visibility" value="(\w+)" checked/.exec(html)?.[1] ?? ''
  const example = /<option value="(\w*)" selected/.exec(html)?.[1] ?? ''
  const { q: _search, ...own } = found
  return { ...own, visibility: chosen, example }
}

const olga = () => person('olga')

async function ran(model: string) {
  const form = await olga().open(model)
  const run = await olga().post('/predictions', { ...form, 'input.text': 'dunes' })
  const id = /\b[a-z2-7]{26}\b/.exec(run.to ?? '')?.[0] ?? ''
  const made = await sandpit.runner.settledWithin(id, 60_000)
  return { id, output: made?.files[0]?.ref ?? '' }
}

const fields = () => sandpit.edits.of(ref).fields

describe('the page that edits a model', () => {
  it('is for operators, who have a tab to it', async () => {
    expect((await person('ada').get(path)).status).toBe(403)
    expect((await person('ada').post(path, { description: 'Mine.' })).status).toBe(403)
    expect((await person('ada').get('/team/echo')).text).not.toContain(`href="${path}"`)
    expect((await olga().get('/team/echo')).text).toContain(`href="${path}"`)
    expect((await olga().get('/team/nothing/edit')).status).toBe(404)
  })

  it('shows what the model says, and saves what differs from it', async () => {
    const opened = await olga().open()
    expect(opened).toMatchObject({
      description: 'Says it again.',
      readme: '',
      visibility: 'public',
    })
    const answer = await olga().post(path, {
      ...opened,
      readme: '# Echo\r\n\r\nIt *repeats*.',
      github: ' https://git.example/echo ',
      license: 'https://www.apache.org/licenses/LICENSE-2.0',
      tags: 'text, Demo, demo,',
    })
    expect(answer).toMatchObject({ status: 303, to: `${path}?saved=yes` })
    expect(fields()).toEqual({
      description: null,
      readme: '# Echo\n\nIt *repeats*.',
      github: 'https://git.example/echo',
      paper: null,
      license: 'https://www.apache.org/licenses/LICENSE-2.0',
      cover: null,
      tags: ['text', 'demo'],
      visibility: null,
      defaultExample: null,
      countsAs: null,
    })
    const { text } = await person('ada').get('/team/echo')
    expect(text).toContain('href="https://git.example/echo"')
    expect(text).toContain('>Licence</a>')
    expect(text).toContain('<span class="tag" dir="auto">text</span>')
    expect((await person('ada').get('/team/echo/readme')).text).toContain('<em>repeats</em>')
    expect((await olga().get('/team/echo/edit?saved=yes')).text).toContain('4 fields edited')
  })

  it('says which inputs count as others in comparisons', async () => {
    const saved = await olga().post(path, {
      ...(await olga().open()),
      countsAs: ' text=prompt \r\n',
    })
    expect(saved.status).toBe(303)
    expect(fields().countsAs).toEqual({ text: 'prompt' })
    expect((await olga().open()).countsAs).toBe('text = prompt')
    expect((await olga().get(path)).text).toContain('Its inputs are text.')
    const undone = await olga().post(path, { ...(await olga().open()), countsAs: '' })
    expect(undone.status).toBe(303)
    expect(fields().countsAs).toBeNull()
  })

  it('says why an input cannot count as another, and saves nothing', async () => {
    const opened = await olga().open('/team/mixed/edit')
    const refusals = {
      'text = number':
        'This model has an input “number” of its own, so “text” cannot count as that.',
      'words = prompt': 'This model has no input “words”.',
      prompt: 'Write each line as text = prompt. “prompt” does not say what it counts as.',
      'text = text': '“text” has this name already: leave it out.',
      'text = title\ncaption = title':
        '“text” and “caption” cannot both count as “title”: they would get one value.',
      'text = title\ntext = label': '“text” is on two lines. Leave one of them out.',
      'number = photo': '“number” is of type integer, and “photo” of team/takes of type file.',
    }
    for (const [countsAs, sentence] of Object.entries(refusals)) {
      const refused = await olga().post('/team/mixed/edit', { ...opened, countsAs })
      expect(refused.status).toBe(422)
      expect(refused.text).toContain(sentence)
      expect(refused.text).toContain(`>${countsAs}</textarea>`)
    }
    expect(sandpit.edits.find({ owner: 'team', name: 'mixed' })).toBeNull()
  })

  it('lasts when the server starts again', async () => {
    await olga().post(path, { ...(await olga().open()), description: 'Repeats.' })
    expect(await sandpit.store.modelEdits()).toMatchObject([
      { ref, fields: { description: 'Repeats.' }, revision: 1, updatedBy: 'olga' },
    ])
  })

  it('leaves what was not changed to the model, however the model writes it', async () => {
    const wordyRef = { owner: 'team', name: 'wordy' }
    const opened = await olga().open('/team/wordy/edit')
    expect(opened.readme).toContain('# Wordy\n')
    const pressed = await olga().post('/team/wordy/edit', { ...opened, press: 'preview' })
    expect(pressed.text).not.toContain('Undo edit')
    const saved = await olga().post('/team/wordy/edit', { ...opened, visibility: 'private' })
    expect(saved.status).toBe(303)
    expect(sandpit.edits.of(wordyRef).fields).toEqual({ ...noFields, visibility: 'private' })
    const refused = await olga().post('/team/wordy/edit', {
      ...(await olga().open('/team/wordy/edit')),
      description: `${opened.description} And again.`,
    })
    expect(refused.status).toBe(422)
  })

  it('draws the README on Preview, and saves nothing', async () => {
    const typed = { ...(await olga().open()), readme: '**Bold** [x](javascript:alert(1))' }
    const { status, text } = await olga().post(path, { ...typed, press: 'preview' })
    expect(status).toBe(200)
    expect(text).toContain('<strong>Bold</strong>')
    expect(text).not.toContain('href="javascript')
    expect(fieldsIn(text)).toMatchObject({ readme: typed.readme })
    expect(sandpit.edits.find(ref)).toBeNull()
  })

  it('takes an edit back in the form, and for all once that is saved', async () => {
    const typed = { description: 'Repeats.', tags: 'one' }
    await olga().post(path, { ...(await olga().open()), ...typed })
    const undone = await olga().post(path, {
      ...(await olga().open()),
      paper: 'https://x.example/',
      press: 'restore description',
    })
    expect(fieldsIn(undone.text)).toMatchObject({
      description: 'Says it again.',
      tags: 'one',
      paper: 'https://x.example/',
    })
    expect(fields().description).toBe('Repeats.')
    const all = await olga().post(path, { ...fieldsIn(undone.text), press: 'restore all' })
    expect(fieldsIn(all.text)).toMatchObject({ tags: '', paper: '' })
    await olga().post(path, fieldsIn(all.text))
    expect(fields()).toMatchObject({ description: null, tags: null, paper: null })
    expect((await person('ada').get('/team/echo')).text).toContain('Says it again.')
  })

  it('refuses what is wrong, says why, and keeps all that was typed', async () => {
    const typed = {
      description: 'x'.repeat(2_001),
      github: 'javascript:alert(1)',
      paper: 'https://user:word@host/',
      tags: 'a,b,c,d,e,f,g,h,i',
    }
    const answer = await olga().post(path, { ...(await olga().open()), ...typed })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('4 fields need attention')
    expect(answer.text).toContain('Enter at most 8 tags.')
    expect(fieldsIn(answer.text)).toMatchObject({
      description: typed.description,
      github: typed.github,
      paper: typed.paper,
    })
    expect(sandpit.edits.find(ref)).toBeNull()
  })
})

describe('two operators at once', () => {
  it('keep what each changed in another field', async () => {
    const [first, second] = [await olga().open(), await person('otto').open()]
    await olga().post(path, { ...first, description: 'From Olga.' })
    await person('otto').post(path, { ...second, tags: 'otto' })
    expect(fields()).toMatchObject({ description: 'From Olga.', tags: ['otto'] })
  })

  it('are told of a field that both changed, and lose nothing', async () => {
    const [first, second] = [await olga().open(), await person('otto').open()]
    await olga().post(path, { ...first, description: 'From Olga.' })
    const answer = await person('otto').post(path, { ...second, description: 'From Otto.' })
    expect(answer.status).toBe(409)
    expect(answer.text).toContain('Somebody else changed this model, too')
    expect(answer.text).toContain('“From Olga.”')
    expect(fieldsIn(answer.text)).toMatchObject({ description: 'From Otto.' })
    expect(fields().description).toBe('From Olga.')
    await person('otto').post(path, fieldsIn(answer.text))
    expect(fields().description).toBe('From Otto.')
  })
})

describe('the cover of a model', () => {
  it('is a file to choose, with nothing to play or to remove before one is chosen', async () => {
    const { text } = await olga().get(path)
    expect(text).toContain('<input id="cover" type="file"')
    for (const part of ['<audio', '<video', 'data-drops']) expect(text).not.toContain(part)
  })

  const upload = new File([picture], 'mine.png', { type: 'image/png' })
  const day = 24 * 60 * 60_000

  it('is uploaded, shown and kept as long as the edit', async () => {
    await olga().post(path, { ...(await olga().open()), upload })
    const { cover } = fields()
    const src = /src="(\/team\/echo\/assets\/cover-\w+\.png)"/.exec(
      (await person('ada').get('/team/echo')).text,
    )?.[1]
    const answer = await createVisitor(sandpit).request(src ?? '', { headers: { 'X-User': 'ada' } })
    expect(answer.headers.get('Content-Type')).toBe('image/png')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture)
    await sandpit.store.forget(sandpit.now() + 2 * day, 100)
    const kept = cover && 'file' in cover ? cover.file.ref : ''
    expect(await sandpit.store.findFile(kept)).not.toBeNull()
    await olga().post(path, { ...(await olga().open()), cover: '' })
    expect(await sandpit.store.findFile(kept)).toBeNull()
    expect((await person('ada').get('/team/echo')).text).toContain('src="/team/echo/cover"')
  })

  it('stays in the form when something else is wrong', async () => {
    const typed = { ...(await olga().open()), github: 'nonsense', upload }
    const refused = await olga().post(path, typed)
    expect(refused.status).toBe(422)
    await olga().post(path, { ...fieldsIn(refused.text), github: '' })
    expect(fields().cover).toMatchObject({ file: { type: 'image/png' } })
  })

  it.each([
    ['a text', 'Not a picture at all'],
    ['a script', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['half a picture', new Uint8Array(picture.subarray(0, 40))],
  ])('is not %s that calls itself one', async (_name, content) => {
    const fake = new File([content], 'fake.png', { type: 'image/png' })
    const answer = await olga().post(path, { ...(await olga().open()), tags: 'kept', upload: fake })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Choose a picture as PNG, JPEG, WebP, AVIF or GIF.')
    expect(fieldsIn(answer.text)).toMatchObject({ tags: 'kept' })
    expect(sandpit.edits.find(ref)).toBeNull()
  })

  it('is what an example made, in a file of its own', async () => {
    const edit = '/team/draws/edit'
    const { id, output } = await ran('/team/draws')
    await olga().post(`/p/${id}/example`, {})
    expect((await olga().post(edit, { ...(await olga().open(edit)), cover: output })).status).toBe(
      422,
    )
    const { text } = await olga().get(edit)
    expect(text).toContain(`value="cover ${output}"`)
    const pressed = await olga().post(edit, { ...fieldsIn(text), press: `cover ${output}` })
    await olga().post(edit, { ...fieldsIn(pressed.text), example: id })
    await sandpit.runner.remove(id)
    const { cover, defaultExample } = sandpit.edits.of(drawing).fields
    expect(defaultExample).toBe(id)
    const kept = cover && 'file' in cover ? cover.file.ref : output
    expect(kept).not.toBe(output)
    expect(await sandpit.store.findFile(kept)).not.toBeNull()
    // The example was deleted: that is no reason to refuse other edits.
    const after = await olga().open(edit)
    expect((await olga().post(edit, after)).status).toBe(303)
    const refused = await olga().post(edit, { ...after, description: 'x', example: newId(noBytes) })
    expect(refused.text).toContain('This prediction no longer exists.')
  })

  it('is what any prediction made, by a button on its page for operators', async () => {
    const { id, output } = await ran('/team/draws')
    const address = `/p/${id}/cover`
    expect((await olga().get(`/p/${id}`)).text).toContain(`action="${address}"`)
    expect((await person('ada').get(`/p/${id}`)).text).not.toContain(address)
    expect((await person('ada').post(address, {})).status).toBe(403)
    const answer = await olga().post(address, {})
    expect(answer).toMatchObject({ status: 303, to: '/team/draws/edit?saved=yes' })
    const { cover } = sandpit.edits.of(drawing).fields
    const kept = cover && 'file' in cover ? cover.file.ref : output
    expect(kept).not.toBe(output)
    expect(await sandpit.store.findFile(kept)).not.toBeNull()
    const text = await ran('/team/echo')
    expect((await olga().get(`/p/${text.id}`)).text).not.toContain('Use as cover')
    expect((await olga().post(`/p/${text.id}/cover`, {})).status).toBe(422)
  })
})
