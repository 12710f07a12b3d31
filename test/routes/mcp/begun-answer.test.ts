import { expect, it, onTestFinished } from 'vitest'
import { createWaitingProvider } from '../../support/waiting-provider.ts'
import { startMcp, token } from './support.ts'

it('runs a model although its answer has begun before the models were listed', async () => {
  const waiting = createWaitingProvider({ models: [{ name: 'slow', copies: 1 }], runsHere: true })
  const begun = Promise.withResolvers<void>()
  const models = () => begun.promise.then(waiting.models)
  const sandpit = await startMcp({ providers: () => [{ ...waiting, models }] })
  onTestFinished(sandpit.close)
  const params = { name: 'test__slow', arguments: { ms: 1 } }
  // The headers of its answer are there at once: it is a stream for clients of the protocol before.
  const answer = await fetch(`${sandpit.url}/mcp`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  begun.resolve()
  expect(await answer.text()).toContain('waited 1')
})
