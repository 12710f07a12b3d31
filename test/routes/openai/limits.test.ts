import { afterEach, expect, it } from 'vitest'
import { noSettings } from '../../../src/domain/model/record.ts'
import { tokenHash } from '../../../src/routes/request/personal-tokens.ts'
import { newTokenText } from '../../../src/routes/request/token-text.ts'
import { namedPerson } from '../../support/named-person.ts'
import { tokenOf } from '../../support/people.ts'
import { type OpenAiApp, startOpenAi } from './support.ts'

let sandpit: OpenAiApp
afterEach(() => sandpit.close())

const body = { model: 'team/chat', messages: [{ role: 'user' as const, content: 'hello' }] }

it('lets clients ask again while a model takes no runs', async () => {
  sandpit = await startOpenAi()
  const ref = { owner: 'team', name: 'chat' }
  const record = sandpit.records.of(ref)
  const set = (intake: 'open' | 'draining') =>
    sandpit.records.save({ ...record, settings: { ...noSettings, intake } })
  await set('draining')
  const refused = await sandpit.post('/chat/completions', body)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('Retry-After')).toBe('10')
  expect(refused.headers.get('x-should-retry')).toBeNull()
  expect(await refused.json()).toMatchObject({ error: { type: 'server_error' } })
  await set('open')
  expect((await sandpit.post('/chat/completions', body)).status).toBe(200)
})

it('limits the requests in a minute', async () => {
  sandpit = await startOpenAi({ environment: { SANDPIT_RATE: '2,60' } })
  const statuses: number[] = []
  for (let at = 0; at < 3; at++)
    statuses.push((await sandpit.post('/chat/completions', body)).status)
  expect(statuses).toEqual([200, 200, 429])
})

it('says that a limit of the day is used, and not to ask again', async () => {
  sandpit = await startOpenAi({
    environment: { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' },
  })
  await namedPerson(sandpit, 'ben').get('/')
  const [known] = await sandpit.store.peopleAmong(['ben'])
  const account = known?.id ?? ''
  const text = newTokenText()
  const own = { person: account, account, scopes: ['run'] as const, id: 'token-ben' }
  await sandpit.store.addToken(tokenOf('ben', { ...own, hash: tokenHash(text) }))
  await sandpit.store.changePerson(account, { quota: { perDay: 1 } })
  sandpit.people.forget()
  const client = sandpit.client.withOptions({ apiKey: text })
  await client.chat.completions.create(body)
  const before = sandpit.requests.length
  await expect(client.chat.completions.create(body)).rejects.toMatchObject({
    status: 429,
    type: 'rate_limit_error',
    message: expect.stringContaining('The one run of today is used'),
  })
  expect(sandpit.requests.length - before).toBe(1)
})
