import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { sentByBrowser } from '../support/browser-form.ts'
import { idIn } from '../support/prediction-id.ts'
import { openTrial, type Trial } from './trial.ts'

let trial: Trial
beforeAll(async () => {
  trial = await openTrial()
})
afterAll(() => trial.sandpit.close())

describe.each(readdirSync(join(root, 'models')))('sandpit/%s', (name) => {
  it('can be described', async () => {
    const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
    expect(model).toMatchObject({ broken: null, readme: expect.stringMatching(/\S/) })
  })

  it('has a cover', async () => {
    const response = await trial.visitor.request(`/sandpit/${name}/assets/cover.svg`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toContain('image/svg+xml')
    const cover = Buffer.from(await response.arrayBuffer())
    expect(await sharp(cover).metadata()).toMatchObject({ width: 720, height: 480 })
  })

  it('brings the output of its example, with its files', async () => {
    const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
    expect(model?.exampleOutput).toBeTruthy()
    for (const file of model?.exampleOutput?.files ?? []) {
      const path = `/sandpit/${name}/assets/${file.name}`
      const bytes = await (await trial.visitor.request(path)).arrayBuffer()
      expect(bytes.byteLength).toBe(file.size)
    }
  })

  it('explains each of its inputs, in its form and in its README', async () => {
    const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
    for (const [field, schema] of Object.entries(await inputsOf(name))) {
      expect(schema).toHaveProperty('description')
      expect(model?.readme).toContain(`\`${field}\``)
    }
  })

  it('names every input that has a default in its example', async () => {
    const [example] = JSON.parse(
      readFileSync(join(root, 'models', name, 'examples.json'), 'utf8'),
    ) as [object]
    for (const [field, schema] of Object.entries(await inputsOf(name)))
      if ('default' in schema) expect(example).toHaveProperty(field)
  })

  it('opens with its example, and succeeds on it', async () => {
    const page = await trial.visitor.request(`/sandpit/${name}?example=default`)
    expect(page.status).toBe(200)
    const html = await page.text()
    expect(html).not.toContain('aria-invalid')
    const response = await trial.visitor.post('/predictions', formIn(html))
    expect(response.status).toBe(303)
    const id = idIn(response)
    expect(await trial.settled(id)).toMatchObject({ status: 'succeeded', error: null })
  })
})

async function inputsOf(name: string): Promise<Record<string, object>> {
  const model = await trial.sandpit.runner.findModel({ owner: 'sandpit', name })
  const input = model?.version.schema.schemas.Input as
    | { properties: Record<string, object> }
    | undefined
  return input?.properties ?? {}
}

/** The form data a browser sends when Run is pressed on an untouched page. */
function formIn(html: string): Record<string, string[]> {
  const sent = sentByBrowser(html).filter(([name]) =>
    /^(?:model|version|key|input\..+)$/.test(name),
  )
  const names = [...new Set(sent.map(([name]) => name))]
  return Object.fromEntries(
    names.map((name) => [name, sent.filter(([other]) => other === name).map(([, text]) => text)]),
  )
}
