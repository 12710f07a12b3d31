import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyFor } from '../../src/data-folder.ts'
import { webhookSecret } from '../../src/webhooks/secret.ts'
import { listen } from '../support/listen.ts'
import { answers, isGenuine, type Receiver, startReceiver } from '../support/receiver.ts'
import { testSecret } from '../support/secret.ts'
import { shareOf } from '../support/shares.ts'
import { openStation, type Station } from './support.ts'

const auth = {
  SANDPIT_AUTH: 'header:x-user',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_GROUPS: '*=kestrel',
  SANDPIT_API_TOKENS: 'one,two',
}

let station: Station
let receiver: Receiver
beforeAll(async () => {
  station = await openStation({ SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8', ...auth })
  receiver = await startReceiver()
})
afterAll(async () => {
  await station.close()
  await receiver.close()
})

function ask(
  user: string,
  path: string,
  form?: Readonly<Record<string, string>>,
  { app } = station,
) {
  const headers = { Host: 'localhost', 'Sec-Fetch-Site': 'same-origin', 'X-User': user }
  return app.request(
    path,
    form ? { method: 'POST', headers, body: new URLSearchParams(form) } : { headers },
  )
}

/** The signing secret that the API returns for a token. */
async function secretOf(token: string): Promise<string> {
  const headers = { Host: 'localhost', Authorization: `Bearer ${token}` }
  const response = await station.app.request('/v1/webhooks/default/secret', { headers })
  return (await response.json()).key
}

/** The signing secret of an account. */
const ofAccount = (account: string) => webhookSecret(keyFor('cookies', testSecret, ''), account)

describe('the page of a prediction', () => {
  it('says what its webhook was told, to its author and to operators', async () => {
    receiver.behave(answers(503))
    const id = await station.run(`${receiver.url}?token=abc`)
    await station.quiet(id)
    for (const user of ['ada', 'olga']) {
      const text = await (await ask(user, station.paths.prediction(id))).text()
      expect(text).toContain(`${receiver.url}?token=abc`)
      expect(text).toMatch(/>start<.*Pending<.*>1 attempt<.*>Last response: 503</)
      expect(text).toMatch(/>completed<.*Waiting for the previous delivery<\/span><\/dd>/)
      expect(text).toContain('2026-01-01T00:00:02.000Z')
    }
  })

  it('keeps that from everybody else', async () => {
    const id = await station.run(`${receiver.url}?token=abc`)
    const token = 'a'.repeat(26)
    await station.store.share(shareOf(token, id))
    for (const path of [station.paths.prediction(id), station.paths.share(token)]) {
      const response = await ask('sam', path)
      expect(response.status).toBe(200)
      expect(await response.text()).not.toContain('token=abc')
    }
  })
})

describe('a test delivery', () => {
  const test = (user: string, url: string) => ask(user, station.paths.webhookTest(), { url })

  it('is sent from the settings, and its page says that it has arrived', async () => {
    expect(await (await ask('olga', station.paths.settings())).text()).toContain(
      `action="${station.paths.webhookTest()}"`,
    )
    receiver.behave(answers(200))
    const response = await test('olga', receiver.url)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Delivered. The receiver returned 200.')
    const last = receiver.received.at(-1)
    expect(last?.json).toMatchObject({ id: 'test', status: 'succeeded' })
    const secretsOfOlga = [ofAccount('olga'), ofAccount('namespace:kestrel')]
    const others = [ofAccount('ada'), await secretOf('one'), await secretOf('two')]
    for (const secret of [...secretsOfOlga, ...others])
      expect(last && (await isGenuine(last, secret))).toBe(secretsOfOlga.includes(secret))
  })

  it('verifies for the tokens of the environment where nobody signs in', async () => {
    const open = await openStation({
      SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8',
      SANDPIT_API_TOKENS: 'one,two',
    })
    receiver.behave(answers(200))
    const listening = await listen(open)
    const tested = await fetch(listening.url + open.paths.webhookTest(), {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'same-origin' },
      body: new URLSearchParams({ url: receiver.url }),
    })
    expect(await tested.text()).toContain('Delivered.')
    await listening.close()
    await open.close()
    const last = receiver.received.at(-1)
    for (const token of ['one', 'two'])
      expect(last && (await isGenuine(last, await secretOf(token)))).toBe(true)
  })

  it('says what went wrong', async () => {
    receiver.behave(answers(302, { Location: '/elsewhere' }))
    expect(await (await test('olga', receiver.url)).text()).toContain('Redirects are not followed')
    receiver.behave(answers(500))
    expect(await (await test('olga', receiver.url)).text()).toContain('The receiver returned 500.')
    for (const url of ['http://10.0.0.1/', 'nothing', ''])
      expect(await (await test('olga', url)).text()).toContain(
        'This server is not allowed to reach',
      )
  })

  it('says when the receiver does not respond in time', async () => {
    const hurried = await openStation({ SANDPIT_OUTBOUND_ALLOW: '127.0.0.0/8', ...auth }, 50)
    receiver.behave(() => {})
    const answer = await ask('olga', hurried.paths.webhookTest(), { url: receiver.url }, hurried)
    expect(await answer.text()).toContain('did not respond in time')
    await hurried.close()
  })

  it('is for operators', async () => {
    const before = receiver.received.length
    expect((await test('ada', receiver.url)).status).toBe(403)
    expect(receiver.received).toHaveLength(before)
  })
})
