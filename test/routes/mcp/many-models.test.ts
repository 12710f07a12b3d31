import { afterAll, beforeAll, expect, it } from 'vitest'
import { noSettings } from '../../../src/domain/model/record.ts'
import type { ModelRef } from '../../../src/domain/model-ref.ts'
import { writeModels } from '../../support/models.ts'
import { type McpApp, manyModels, startMcp } from './support.ts'

let sandpit: McpApp
let client: Awaited<ReturnType<McpApp['connect']>>
beforeAll(async () => {
  sandpit = await startMcp({ models: [writeModels(manyModels)] })
  client = await sandpit.connect()
})
afterAll(async () => {
  await client.close()
  await sandpit.close()
})

const herd = (name: string) => ({ owner: 'herd', name })

async function setTool(ref: ModelRef, tool: 'always' | 'never'): Promise<void> {
  const record = sandpit.records.of(ref)
  await sandpit.records.save({ ...record, settings: { ...noSettings, tool } })
}

async function call(name: string, given: Record<string, unknown>): Promise<string> {
  const { content } = await client.callTool({ name, arguments: given })
  return content.map((one) => ('text' in one ? one.text : '')).join('\n')
}

it('offers to find models in place of a tool for each', async () => {
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual([
    'search_models',
    'describe_model',
    'run_model',
    'get_prediction',
    'cancel_prediction',
  ])
  expect(await call('search_models', { query: 'bleats in key 17' })).toContain('herd/sheep-17')
  expect(await call('search_models', { query: '' })).toContain('more.')
  expect(await call('describe_model', { model: 'herd/sheep-17' })).toContain('"required":["text"]')
  const made = await call('run_model', { model: 'herd/sheep-17', input: { text: 'well' } })
  expect(made).toContain('well baa')
  expect(await call('run_model', { model: 'herd/none', input: {} })).toContain('Use search_models')
  expect(await call('run_model', { model: 'herd/sheep-1', input: {} })).toContain('is required')
})

it('has what operators always want as a tool, and nothing of what they never want', async () => {
  await setTool(herd('sheep-3'), 'always')
  await setTool(herd('sheep-4'), 'never')
  // A client keeps the list for a minute.
  const { tools } = await (await sandpit.connect()).listTools()
  expect(tools.map(({ name }) => name)).toContain('herd__sheep-3')
  expect(await call('herd__sheep-3', { text: 'oh' })).toContain('oh baa')
  expect(await call('run_model', { model: 'herd/sheep-4', input: { text: 'x' } })).toContain(
    'There is no model',
  )
  await expect(call('herd__sheep-4', { text: 'x' })).rejects.toThrow('Unknown tool')
})
