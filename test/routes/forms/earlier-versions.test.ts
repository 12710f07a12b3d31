import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseModelRef } from '../../../src/domain/model-ref.ts'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const source = (word: string) => `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'test/moving', description: 'Says a word.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => '${word} ' + text,
})`

describe('an earlier version of a local model', () => {
  let sandpit: TestApp
  let folder: string
  let before: string
  let form: Record<string, string>
  beforeAll(async () => {
    folder = writeModels({ moving: source('old') })
    const environment = { SANDPIT_API_TOKENS: 'a-token-for-tests' }
    sandpit = await createTestApp({ models: [folder], environment })
    const visitor = createVisitor(sandpit)
    form = await visitor.openForm('test/moving')
    before = await currentVersion()
    const kept = join(sandpit.data, 'local', 'versions-1', 'test', 'moving', before)
    await eventually(() => expect(existsSync(kept)).toBe(true))
    writeFileSync(join(folder, 'moving', 'model.ts'), source('changed'))
    await eventually(async () => expect(await currentVersion()).not.toBe(before))
  })
  afterAll(async () => {
    await sandpit.close()
    rmSync(folder, { recursive: true })
  })

  async function currentVersion(): Promise<string> {
    const ref = parseModelRef('test/moving')
    return (ref && (await sandpit.runner.findModel(ref))?.version.id) ?? ''
  }

  const api = (path: string, init: RequestInit = {}) =>
    createVisitor(sandpit).request(path, {
      ...init,
      headers: {
        Authorization: 'Bearer a-token-for-tests',
        'Content-Type': 'application/json',
        Prefer: 'wait',
      },
    })

  it('runs for a program that names it', async () => {
    const response = await api('/v1/predictions', {
      method: 'POST',
      body: JSON.stringify({ version: before, input: { text: 'x' } }),
    })
    expect(response.status, await response.clone().text()).toBe(201)
    expect(await response.json()).toMatchObject({ output: 'old x', version: before })
  })

  it('has its page, and a form that runs it', async () => {
    const visitor = createVisitor(sandpit)
    const page = await (await visitor.request(`/test/moving/versions/${before}`)).text()
    expect(page).toContain(`/test/moving?version=${before}`)
    const own = await visitor.openForm(`test/moving?version=${before}`)
    expect(own).toMatchObject({ version: before, pinned: '' })
    const response = await visitor.post('/predictions', { ...own, 'input.text': 'y' })
    expect(response.status).toBe(303)
    const shown = await visitor.request(response.headers.get('Location') ?? '')
    expect(await shown.text()).toContain('old y')
  })

  it('is not what a form runs that was opened while it was the current one', async () => {
    const response = await createVisitor(sandpit).post('/predictions', {
      ...form,
      'input.text': 'z',
    })
    expect(response.status).toBe(409)
    const page = await response.text()
    expect(page).toContain('has changed since this form was opened')
    expect(page).toContain(await currentVersion())
  })

  it('is deleted with its source', async () => {
    const unused = await currentVersion()
    const kept = join(sandpit.data, 'local', 'versions-1', 'test', 'moving', unused)
    await eventually(() => expect(existsSync(kept)).toBe(true))
    writeFileSync(join(folder, 'moving', 'model.ts'), source('changed again'))
    await eventually(async () => expect(await currentVersion()).not.toBe(unused))
    const path = `/v1/models/test/moving/versions/${unused}`
    expect((await api(path)).status).toBe(200)
    expect((await api(path, { method: 'DELETE' })).status).toBe(202)
    expect(existsSync(kept)).toBe(false)
    for (const method of ['GET', 'DELETE']) expect((await api(path, { method })).status).toBe(404)
    const used = await api(path.replace(unused, before), { method: 'DELETE' })
    expect(used.status).toBe(422)
  })
})
