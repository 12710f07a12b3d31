import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startComfyServer } from '../providers/support/comfy-server.ts'
import { eventually } from '../providers/support/eventually.ts'
import { startServer } from '../support/server.ts'

const workflow = {
  '1': { class_type: 'HeldText', inputs: { text: '' }, _meta: { title: 'input: text' } },
}

async function ask(url: string, body: unknown) {
  const headers = { 'Content-Type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.ok, url).toBe(true)
  return answer.json()
}

const read = async (url: string, id: string) => (await fetch(`${url}/v1/predictions/${id}`)).json()

it('goes on with a workflow that runs on at its server, which is sent no second prompt', async () => {
  const held = Promise.withResolvers<void>()
  const comfy = await startComfyServer({
    nodes: {
      HeldText: {
        input: { text: ['STRING', {}] },
        isOutput: true,
        run: async ({ text }) => {
          await held.promise
          return { text: [`made of ${text}`] }
        },
      },
    },
  })
  onTestFinished(() => comfy.close())
  const data = mkdtempSync(join(tmpdir(), 'sandpit-kill-workflow-'))
  const first = await startServer({ data })
  const models = `${first.url}/v1/models`
  await ask(models, { owner: 'ann', name: 'flow', visibility: 'public', hardware: 'sandpit' })
  await ask(`${models}/ann/flow/versions`, { comfyui: { url: comfy.url, workflow } })
  const { id } = await ask(`${models}/ann/flow/predictions`, { input: { text: 'sand' } })
  await eventually(async () => comfy.working() === 1)
  await eventually(async () => (await read(first.url, id)).status === 'processing')
  await first.stop('SIGKILL')
  const second = await startServer({ data })
  onTestFinished(async () => void (await second.stop('SIGKILL')))
  held.resolve()
  await eventually(
    async () => typeof (await read(second.url, id)).completed_at === 'string',
    30_000,
  )
  const prediction = await read(second.url, id)
  expect(prediction).toMatchObject({ status: 'succeeded', error: null })
  expect(JSON.stringify(prediction.output)).toContain('made of sand')
  expect(comfy.prompts).toHaveLength(1)
})
