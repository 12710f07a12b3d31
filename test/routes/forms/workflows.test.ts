import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { formatJson } from '../../../src/domain/json/json.ts'
import { createComfyProvider } from '../../../src/providers/comfyui/comfyui.ts'
import { pictureNodes, pictureWorkflow } from '../../providers/support/comfy-nodes.ts'
import { hastyComfyLimits } from '../../providers/support/comfy-parts.ts'
import { type ComfyServer, startComfyServer } from '../../providers/support/comfy-server.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues, toFormData } from '../../support/visitor.ts'

const document = formatJson(pictureWorkflow)
const password = { SANDPIT_AUTH: 'basic:olga:a password' }
const signedIn = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }
const file = (text: string) => new File([text], 'workflow.json', { type: 'application/json' })

let server: ComfyServer
let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeEach(async () => {
  server = await startComfyServer({ nodes: pictureNodes })
  sandpit = await createTestApp({
    environment: password,
    providers: ({ data }, records) => [
      createComfyProvider({
        ...{ records, folder: data, now: Date.now, limits: hastyComfyLimits },
        keyOf: () => null,
      }),
    ],
  })
  visitor = createVisitor(sandpit)
})
afterEach(async () => {
  await sandpit.close()
  await server.close()
})

async function post(path: string, values: FormValues) {
  const body = toFormData(values)
  const answer = await visitor.request(path, { method: 'POST', body, headers: signedIn })
  return { status: answer.status, html: await answer.text(), answer }
}

const upload = (text: string) => post('/models/new', { where: server.url, document: file(text) })

/** What the page sends when some parts are ticked. */
const chosen = (names: Readonly<Record<string, string>>, more: FormValues = {}): FormValues => ({
  where: server.url,
  document,
  parts: 'chosen',
  input: Object.keys(names),
  output: ['9'],
  ...Object.fromEntries(Object.entries(names).map(([id, name]) => [`as-${id}`, name])),
  ...more,
})

describe('adding a ComfyUI workflow', () => {
  it('asks for the workflow when a server is found', async () => {
    const { status, html } = await post('/models/new', { where: server.url })
    expect(status).toBe(422)
    expect(html).toContain('ComfyUI 0.3.64 is there')
    expect(html).toMatch(/<input type="file" id="document"/)
  })

  it('says what to export instead of a file of the editor, and of what is none', async () => {
    const editors = await upload(formatJson({ nodes: [{ id: 1, type: 'LoadImage' }], links: [] }))
    expect(editors.status).toBe(422)
    expect(editors.html).toContain('as ComfyUI’s editor saves it')
    expect(editors.html).toContain('Export (API)')
    for (const text of ['', '[]', 'no JSON', '{"1": {"class_type": 5}}', '{"__proto__": 1}'])
      expect((await upload(text)).status, text).toBe(422)
  })

  it('names the nodes that the server does not have', async () => {
    const workflow = { ...pictureWorkflow, x: { class_type: 'Upscale <b>', inputs: {} } }
    const { status, html } = await upload(formatJson(workflow))
    expect(status).toBe(422)
    expect(html).toContain('does not have the nodes “Upscale &lt;b&gt;”')
  })

  it('offers the values that most people change, with the bounds of the server', async () => {
    const { status, html } = await upload(document)
    expect(status).toBe(200)
    for (const name of ['prompt', 'negative_prompt', 'seed', 'steps', 'cfg', 'width', 'height'])
      expect(html).toMatch(new RegExp(`<input name="as-[^"]+" value="${name}"`))
    expect(html).toMatch(/value="3.steps" checked/)
    expect(html).not.toMatch(/value="4.ckpt_name" checked/)
    expect(html).not.toContain('9.filename_prefix')
    expect(html).toMatch(/name="output" value="9" checked/)
  })

  it('shows the inputs as they were chosen, in their places and bounds', async () => {
    const names = { '6.text': 'prompt', '3.steps': 'steps' }
    const more = { 'place-3.steps': '1', 'place-6.text': '2', 'to-3.steps': '50' }
    const { status, html } = await post('/models/new', chosen(names, more))
    expect(status).toBe(200)
    expect(html).toMatch(/<b>steps<\/b>.*<b>prompt<\/b>/s)
    expect(html).not.toContain('<b>seed</b>')
    expect(html).toMatch(/name="to-3.steps" value="50"/)
  })

  it('keeps the name that was typed when the inputs are checked', async () => {
    const checked = await post('/models/new', chosen({ '6.text': 'prompt' }, { name: 'team/x' }))
    expect(checked.html).toMatch(/id="name" name="name" value="team\/x"/)
  })

  it('offers another name for another workflow, and the same for the same', async () => {
    const saveOf = (names: Readonly<Record<string, string>>, html: string) => {
      const name = /id="name" name="name" value="([^"]+)"/.exec(html)?.[1] ?? ''
      return post('/models', chosen(names, { name }))
    }
    const nameIn = async (names: Readonly<Record<string, string>>) => {
      const { html } = await post('/models/new', chosen(names))
      return { html, name: /id="name" name="name" value="([^"]+)"/.exec(html)?.[1] }
    }
    const first = await nameIn({ '6.text': 'prompt' })
    expect((await saveOf({ '6.text': 'prompt' }, first.html)).status).toBe(303)
    const other = await nameIn({ '3.seed': 'seed' })
    expect(other.name).toBe(`${first.name}-2`)
    expect((await saveOf({ '3.seed': 'seed' }, other.html)).status).toBe(303)
    expect((await nameIn({ '6.text': 'prompt' })).name).toBe(first.name)
  })

  it.each([
    [{ '6.text': 'prompt', '7.text': 'prompt' }, {}, 'cannot both be called prompt'],
    [{ '6.text': 'The Prompt' }, {}, 'is not a name for an input'],
    [{ '3.steps': 'steps' }, { 'to-3.steps': '99999' }, 'must be within 1 and 10000'],
    [{ '3.steps': 'steps' }, { 'to-3.steps': 'many' }, 'A bound is not a number'],
    [{ '3.steps': 'steps' }, { 'from-3.steps': '9', 'to-3.steps': '5' }, 'above its upper one'],
    [{ '6.text': 'prompt' }, { output: [] }, 'Choose at least one output'],
  ])('saves nothing that makes no model: %j %j', async (names, more, sentence) => {
    const { status, html } = await post('/models', chosen(names, { name: 'team/x', ...more }))
    expect(status).toBe(422)
    expect(html).toContain(sentence)
    expect((await visitor.request('/team/x', { headers: signedIn })).status).toBe(404)
  })

  it('saves a model that runs', async () => {
    const names = { '6.text': 'prompt', '3.seed': 'seed' }
    const saved = await post('/models', chosen(names, { name: 'team/bottle' }))
    expect([saved.status, saved.answer.headers.get('Location')]).toEqual([303, '/team/bottle'])
    const page = await (await visitor.request('/team/bottle', { headers: signedIn })).text()
    for (const word of ['class_type', 'KSampler', 'CLIPTextEncode'])
      expect(page).not.toContain(word)
    const hidden = [...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const values = hidden.map(([, name = '', value = '']) => [name, value] as const)
    const ran = await post('/predictions', {
      ...Object.fromEntries(values),
      'input.prompt': 'a tree',
      'input.seed': '7',
    })
    const id = idIn(ran.answer)
    const made = await sandpit.runner.settledWithin(id, 60_000)
    expect(made).toMatchObject({ status: 'succeeded', error: null, metrics: { image_count: 1 } })
    expect(made?.files[0]).toMatchObject({ type: 'image/png', name: 'output_00001_.png' })
    expect(server.prompts[0]?.nodes['6']?.inputs.text).toBe('a tree')
    expect(server.prompts[0]?.nodes['3']?.inputs.seed).toBe(7)
  })

  it('asks before another workflow takes a name, and shares the load with another server', async () => {
    const names = { '6.text': 'prompt' }
    const named = { name: 'team/bottle' }
    await post('/models', chosen(names, named))
    const other = await post('/models', chosen({ ...names, '3.cfg': 'cfg' }, named))
    expect([other.status, other.html]).toEqual([
      409,
      expect.stringContaining('Replace team/bottle'),
    ])
    const second = await startComfyServer({ nodes: pictureNodes })
    const added = await post('/models', chosen(names, { ...named, where: second.url }))
    expect(added.status).toBe(303)
    const model = await sandpit.runner.findModel({ owner: 'team', name: 'bottle' })
    expect(model?.limits.copies).toBe(2)
    await second.close()
  })
})
