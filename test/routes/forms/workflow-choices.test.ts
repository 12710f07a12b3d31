import { expect, it, onTestFinished } from 'vitest'
import { formatJson } from '../../../src/domain/json/json.ts'
import { createComfyProvider } from '../../../src/providers/comfyui/comfyui.ts'
import { pictureNodes, pictureWorkflow } from '../../providers/support/comfy-nodes.ts'
import { hastyComfyLimits } from '../../providers/support/comfy-parts.ts'
import { startComfyServer } from '../../providers/support/comfy-server.ts'
import { createTestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues, toFormData } from '../../support/visitor.ts'

const headers = { Authorization: `Basic ${Buffer.from('olga:a password').toString('base64')}` }

it('reads the choices of a workflow again when an operator asks for it', async () => {
  const server = await startComfyServer({ nodes: pictureNodes })
  const limits = hastyComfyLimits
  const sandpit = await createTestApp({
    environment: { SANDPIT_AUTH: 'basic:olga:a password' },
    providers: ({ data: folder }, records) => [
      createComfyProvider({ records, keyOf: () => null, folder, now: Date.now, limits }),
    ],
  })
  onTestFinished(async () => {
    await sandpit.close()
    await server.close()
  })
  const visitor = createVisitor(sandpit)
  const post = async (path: string, values: FormValues) => {
    const answer = await visitor.request(path, {
      ...{ method: 'POST', headers },
      body: toFormData(values),
    })
    return { status: answer.status, html: await answer.text() }
  }
  const parts = { parts: 'chosen', input: ['4.ckpt_name'], output: ['9'] }
  const named = { name: 'team/bottle', 'as-4.ckpt_name': 'checkpoint' }
  const document = formatJson(pictureWorkflow)
  const added = await post('/models', { where: server.url, document, ...parts, ...named })
  expect(added.status).toBe(303)
  const edit = '/team/bottle/edit'
  expect(await (await visitor.request(edit, { headers })).text()).toContain('value="read choices"')

  const same = await post(edit, { press: 'read choices' })
  expect(same.html).toContain('They are as they were.')
  server.describe('CheckpointLoaderSimple', { ckpt_name: [['newest.safetensors']] })
  const changed = await post(edit, { press: 'read choices' })
  expect([changed.status, changed.html.includes('a new version')]).toEqual([200, true])
  const page = await (await visitor.request('/team/bottle', { headers })).text()
  expect(page).toContain('newest.safetensors')
  expect(page).not.toContain('small.safetensors')

  await server.close()
  const failed = await post(edit, { press: 'read choices' })
  expect(failed.status).toBe(422)
  expect(failed.html).toContain('cannot be reached')
})
