import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeAll(async () => {
  const source = `import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'ann/draw',
  description: 'Draws </script><script>alert(1)</script> | pictures.',
  input: z.object({
    prompt: z.string().max(80).describe('The | picture\\nin words.'),
    steps: z.number().int().min(1).max(9).default(4),
    style: z.enum(['ink', 'oil']).default('ink'),
    photo: file().optional(),
    token: z.string().meta({ format: 'password' }).default('a secret'),
  }),
  output: file(),
  run: async () => { throw new Error('not in this test') },
})`
  const folder = writeModels({ draw: source })
  const examples = [{ prompt: 'A fox at dawn', token: 'hunter2' }]
  writeFileSync(join(folder, 'draw/examples.json'), JSON.stringify(examples))
  sandpit = await createTestApp({ models: [folder] })
  visitor = createVisitor(sandpit)
})
afterAll(() => sandpit.close())

const ask = (path: string, accept: string) => visitor.request(path, { headers: { Accept: accept } })

it('is a page for browsers, and says that it depends on what is accepted', async () => {
  for (const accept of ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*', 'image/png']) {
    const response = await ask('/ann/draw', accept)
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=UTF-8')
    expect(response.headers.get('Vary')).toContain('Accept')
  }
})

it('is JSON as in the API', async () => {
  const response = await ask('/ann/draw', 'application/json')
  expect(response.headers.get('Content-Type')).toMatch('application/json')
  const json = await response.json()
  const api = await visitor.request('/v1/models/ann/draw')
  if (api.status === 200) expect(json).toEqual(await api.json())
  expect(json).toMatchObject({ owner: 'ann', name: 'draw', visibility: 'public' })
  expect(json.latest_version.openapi_schema.components.schemas.Input.properties.steps.maximum).toBe(
    9,
  )
  expect((await ask('/ann/none', 'application/json')).status).toBe(404)
})

it('is Markdown with its inputs and the code that runs it', async () => {
  const response = await ask('/ann/draw', 'text/markdown')
  expect(response.headers.get('Content-Type')).toMatch('text/markdown')
  const text = await response.text()
  expect(text).toMatch(/^# ann\/draw\n\nDraws /)
  expect(text).toContain(
    '| `prompt` | string | required |  | 80 characters at most | The \\| picture in words. |',
  )
  expect(text).toContain('| `steps` | integer |  | 4 | from 1, to 9 |  |')
  expect(text).toContain('| `style` | string |  | "ink" | one of "ink", "oil" |  |')
  expect(text).toContain('| `photo` | file (URL or data URI) |')
  expect(text).not.toContain('a secret')
  for (const fence of ['```sh\ncurl', '```python\n', '```js\n']) expect(text).toContain(fence)
  expect(text).toContain('http://localhost/v1/models/ann/draw/predictions')
  expect(await (await visitor.request('/ann/draw/llms.txt')).text()).toBe(text)
  expect((await visitor.request('/ann/none/llms.txt')).status).toBe(404)
})

it('is listed for assistants, with the API', async () => {
  const text = await (await visitor.request('/llms.txt')).text()
  expect(text).toMatch(/^# Sandpit at localhost\n\n> /)
  expect(text).toContain('http://localhost/v1/openapi.json')
  expect(text).toContain('- [ann/draw](http://localhost/ann/draw/llms.txt): Draws ')
})

it('describes itself to search engines and to previews, and nothing in it can run', async () => {
  const html = await (await visitor.request('/ann/draw')).text()
  const [, data = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html) ?? []
  expect(JSON.parse(data)).toMatchObject({
    '@type': 'SoftwareApplication',
    name: 'ann/draw',
    description: expect.stringContaining('</script><script>alert(1)</script>'),
    url: 'http://localhost/ann/draw',
  })
  expect(html).not.toContain('<script>alert(1)')
  expect(html).toContain('<meta property="og:title" content="ann/draw"/>')
  expect(html).toContain('<meta property="og:url" content="http://localhost/ann/draw"/>')
  expect(html).toContain('href="/ann/draw/llms.txt"')
})

it('says no secret of an example, and finds none', async () => {
  const types = ['text/html', 'application/json', 'text/markdown']
  for (const accept of types) {
    const text = await (await ask('/ann/draw', accept)).text()
    expect(text, accept).toContain('A fox at dawn')
    expect(text, accept).not.toContain('hunter2')
  }
  for (const path of ['/ann/draw/examples', '/?q=fox']) {
    const text = await (await visitor.request(path)).text()
    expect(text, path).toContain('fox')
    expect(text, path).not.toContain('hunter2')
  }
  expect(await (await visitor.request('/?q=hunter2')).text()).not.toContain('href="/ann/draw"')
})
