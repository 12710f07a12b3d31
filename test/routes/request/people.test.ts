import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { clientAddress } from '../../../src/routes/request/connection.ts'
import { listen } from '../../support/listen.ts'
import { createTestApp } from '../../support/test-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(environment: Readonly<Record<string, string>>) {
  const sandpit = await createTestApp({ environment, models: [] })
  closing.push(sandpit.close)
  const listening = await listen(sandpit)
  closing.push(listening.close)
  return listening
}

describe('a name that a proxy says in a header', () => {
  const environment = {
    SANDPIT_AUTH: 'header:X-User',
    SANDPIT_OPERATORS: 'José,Ядвига Ł,李雷,ann@example.com',
  }

  /** The bytes of a text as HTTP clients of Node take them. */
  const sent = (text: string) => Buffer.from(text).toString('latin1')

  it.each(['José', 'Ядвига Ł', '李雷', 'ann@example.com'])('%s is the operator’s', async (name) => {
    const { ask } = await start(environment)
    expect((await ask('/settings', { 'X-User': sent(name) })).status).toBe(200)
  })

  it('is the same in either spelling of its accents, and in Latin-1', async () => {
    const { ask } = await start(environment)
    for (const header of [sent('Jose\u0301'), 'Jos\u00e9'])
      expect((await ask('/settings', { 'X-User': header })).status).toBe(200)
  })

  it.each(['Jose', 'josé', 'Jos', 'José,ann@example.com', '李'])('%s is not', async (name) => {
    const { ask } = await start(environment)
    expect((await ask('/settings', { 'X-User': sent(name) })).status).toBe(403)
  })

  it('is none when it is empty or comes twice', async () => {
    const { ask, send } = await start(environment)
    expect((await ask('/settings')).status).toBe(401)
    expect((await ask('/settings', { 'X-User': ' ' })).status).toBe(401)
    // Kept before: an answer that takes longer does not reach a socket that says no more.
    expect((await ask('/settings', { 'X-User': 'ann@example.com, ben' })).status).toBe(403)
    const lines = ['Host: localhost', 'X-User: ann@example.com', 'X-User: ben', 'Connection: close']
    const twice = await send(`GET /settings HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    expect(twice).toMatch(/^HTTP\/1\.1 403 /)
  })
})

describe('the address of a client', () => {
  async function addressFor(environment: Readonly<Record<string, string>>, forwarded: string) {
    const sandpit = await createTestApp({ environment, models: [] })
    closing.push(sandpit.close)
    const app = new Hono().get('/', (c) => c.text(clientAddress(c, sandpit.deps)))
    const listening = await listen({ app })
    closing.push(listening.close)
    return (await listening.ask('/', { 'X-Forwarded-For': forwarded })).text
  }

  const trusting = { SANDPIT_TRUST_PROXY: 'true' }

  it('is what the trusted proxy added last, whatever was said before', async () => {
    expect(await addressFor(trusting, '1.1.1.1, 2.2.2.2,3.3.3.3')).toBe('3.3.3.3')
    expect(await addressFor(trusting, '4.4.4.4')).toBe('4.4.4.4')
  })

  it('is that of the connection where none is trusted, or it says nothing', async () => {
    expect(await addressFor({}, '1.1.1.1')).toBe('127.0.0.1')
    for (const empty of ['', ' , ', '1.1.1.1,'])
      expect(await addressFor(trusting, empty)).toBe('127.0.0.1')
  })
})
