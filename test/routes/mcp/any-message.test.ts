import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type McpApp, startMcp, token } from './support.ts'

let sandpit: McpApp
beforeAll(async () => {
  sandpit = await startMcp()
})
afterAll(() => sandpit.close())

const json = fc.jsonValue({ maxDepth: 3 })

it('answers any message with one, and any arguments with a result', async () => {
  const post = (body: object) =>
    fetch(`${sandpit.url}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
    })
  const methods = fc.constantFrom('tools/list', 'tools/call', 'initialize', 'ping', 'none')
  const tool = fc.record({
    name: fc.constantFrom('team__echo', 'get_prediction', 'cancel_prediction', 'none'),
    arguments: fc.oneof(fc.dictionary(fc.constantFrom('text', 'times', 'id', 'wait'), json), json),
  })
  const message = fc.record({ id: json, method: methods, params: fc.oneof(tool, json) })
  await fc.assert(
    fc.asyncProperty(message, async (members) => {
      const { status } = await post({ jsonrpc: '2.0', ...members })
      expect(status, JSON.stringify(members)).toBeLessThan(500)
    }),
    { numRuns: 150 },
  )
})
