import { expect, it, onTestFinished } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { startMcp } from './support.ts'

const tale = `
  import { defineModel, z } from 'sandpit/model'
  export default defineModel({
    name: 'team/tale', description: 'Tells a tale.',
    input: z.object({ prompt: z.string() }), output: z.string(),
    async *run() { yield 'Once '; yield 'upon '; yield 'a time.' },
  })`

it('gives a text that came in pieces as one', async () => {
  const sandpit = await startMcp({ models: [writeModels({ tale })] })
  onTestFinished(sandpit.close)
  const client = await sandpit.connect()
  const told = await client.callTool({ name: 'team__tale', arguments: { prompt: 'x' } })
  expect(told.content).toMatchObject([{ text: 'Once upon a time.' }, {}])
  expect(told.structuredContent).toMatchObject({ output: 'Once upon a time.' })
})
