import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Scope } from '../../../src/domain/people/viewer.ts'
import { tokenHash } from '../../../src/routes/request/personal-tokens.ts'
import { newTokenText } from '../../../src/routes/request/token-text.ts'
import { namedPerson } from '../../support/named-person.ts'
import { tokenOf } from '../../support/people.ts'
import { type McpApp, startMcp } from './support.ts'

let sandpit: McpApp
beforeAll(async () => {
  sandpit = await startMcp({
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: '*=member',
    },
  })
  for (const name of ['ada', 'ben', 'olga']) await namedPerson(sandpit, name).get('/')
  const ref = { owner: 'team', name: 'echo' }
  const { revision } = sandpit.edits.of(ref)
  await sandpit.edits.save(ref, { visibility: 'private' }, { viewer: 'olga', revision })
})
afterAll(() => sandpit.close())

async function clientOf(name: string, scopes: readonly Scope[]) {
  const text = newTokenText()
  const [known] = await sandpit.store.peopleAmong([name])
  const account = known?.id ?? ''
  const own = { person: account, account, scopes, id: `token-${name}-${scopes.join('-')}` }
  await sandpit.store.addToken(tokenOf(name, { ...own, hash: tokenHash(text) }))
  return sandpit.connect(text)
}

const toolsOf = async (client: Awaited<ReturnType<typeof clientOf>>) =>
  (await client.listTools()).tools.map(({ name }) => name)

it('lists and runs the models that the person of the token may run', async () => {
  const [ada, olga] = [await clientOf('ada', ['run']), await clientOf('olga', ['run', 'operate'])]
  expect(await toolsOf(ada)).not.toContain('team__echo')
  expect(await toolsOf(olga)).toContain('team__echo')
  const echo = { name: 'team__echo', arguments: { text: 'x' } }
  await expect(ada.callTool(echo)).rejects.toThrow('Unknown tool')
  expect((await olga.callTool(echo)).isError).toBeFalsy()
})

it('runs nothing for a token that only reads', async () => {
  const reader = await clientOf('ada', ['read'])
  expect(await toolsOf(reader)).toEqual(['get_prediction', 'cancel_prediction'])
})

it('shows nobody the private predictions of others', async () => {
  const [ada, ben] = [
    await clientOf('ada', ['run', 'read']),
    await clientOf('ben', ['run', 'read']),
  ]
  const { structuredContent } = await ada.callTool({
    name: 'team__keeper',
    arguments: { text: 'x' },
  })
  const { id } = structuredContent as { id: string }
  await namedPerson(sandpit, 'ada').post(`/p/${id}/visibility`, { visibility: 'private' })
  const ask = { name: 'get_prediction', arguments: { id } }
  expect((await ada.callTool(ask)).isError).toBeFalsy()
  expect((await ben.callTool(ask)).isError).toBe(true)
  expect((await ben.callTool({ ...ask, name: 'cancel_prediction' })).isError).toBe(true)
})

it('keeps to the limits of the person', async () => {
  const [known] = await sandpit.store.peopleAmong(['ben'])
  const ben = await clientOf('ben', ['run'])
  const run = () => ben.callTool({ name: 'team__keeper', arguments: { text: 'x' } })
  await sandpit.store.changePerson(known?.id ?? '', { quota: { perDay: 1 } })
  sandpit.people.forget()
  expect((await run()).isError).toBeFalsy()
  const refused = await run()
  expect(refused.isError).toBe(true)
  expect(refused.content).toMatchObject([
    { text: expect.stringContaining('The one run of today is used') },
  ])
})
