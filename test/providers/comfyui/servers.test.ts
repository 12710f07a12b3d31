import { expect, it } from 'vitest'
import { comfyLine } from '../support/comfy-line.ts'
import { pictureNodes } from '../support/comfy-nodes.ts'
import { eventually } from '../support/eventually.ts'

const basic = `Basic ${Buffer.from('olga:secret').toString('base64')}`

it.each([
  ['olga:secret', basic],
  ['a-token', 'Bearer a-token'],
])('lets itself in at a proxy with the key %s, for files and events, too', async (key, header) => {
  const line = await comfyLine({ key, server: { authorization: header } })
  const previews: unknown[] = []
  const { prediction } = await line.run(
    {},
    { each: (one) => void (one.type === 'progressed' && previews.push(one.progress.preview)) },
  )
  expect(prediction).toMatchObject({ status: 'succeeded', metrics: { image_count: 1 } })
  expect(previews.some((one) => one !== undefined)).toBe(true)
  expect(JSON.stringify(prediction)).not.toContain(key)
})

it('asks for a key where a proxy wants one, and says when it is wrong', async () => {
  const { provider, server } = await comfyLine({
    key: 'right',
    server: { authorization: 'Bearer right' },
  })
  expect(await provider.probe({ text: server.url, key: 'wrong' })).toEqual({
    kind: 'refused',
    sentence: `The server at ${server.url} does not accept this key.`,
    asks: 'key',
  })
  const [upstream] = (await provider.upstreams?.()) ?? []
  expect(upstream).toMatchObject({ address: server.url, takesKey: true })
})

it('reads the choices again, and says which one its server lost', async () => {
  const names = { input: { ckpt_name: [['small.safetensors']] } as const }
  const nodes = { ...pictureNodes, CheckpointLoaderSimple: names }
  const input = { id: '4.ckpt_name', name: 'checkpoint', minimum: null, maximum: null }
  const line = await comfyLine({
    chosen: { inputs: [input], outputs: ['9'] },
    server: { nodes },
  })
  const checkpoint = async () => {
    const [model] = await line.provider.models()
    return JSON.stringify(model?.version.schema.schemas)
  }
  expect(await checkpoint()).toContain('"enum":["small.safetensors"]')
  line.server.describe('CheckpointLoaderSimple', {
    ckpt_name: [['new.safetensors', 'other.safetensors']],
  })
  expect(await line.refresh()).toBe(null)
  expect(await checkpoint()).toContain('"enum":["new.safetensors","other.safetensors"]')
  expect(await checkpoint()).toContain('"required":["checkpoint"]')
  await line.server.close()
  expect(await line.refresh()).toMatch(/cannot be reached/)
})

it('tells the first few of many servers that are away, and how many more there are', async () => {
  const ports = Array.from({ length: 8 }, (_, at) => `http://127.0.0.1:${at + 1}`)
  const { provider } = await comfyLine({ urls: ports })
  await eventually(async () => (await provider.state()).sentence.includes('And '))
  const { sentence } = await provider.state()
  expect(sentence).toMatch(
    /^0 of 8 servers answering\. (ComfyUI at \S+ cannot be reached: .*){5}And 3 more\.$/,
  )
})
