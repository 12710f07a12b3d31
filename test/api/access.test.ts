import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const token = 'a-token-for-tests'

describe('with tokens', () => {
  let sandpit: TestApp
  beforeAll(async () => {
    sandpit = await createTestApp({
      environment: { SANDPIT_API_TOKENS: `another,${token}`, SANDPIT_RATE: '2,5' },
      providers: () => [],
    })
  })
  afterAll(() => sandpit.close())

  const ask = (authorization?: string, path = '/v1/account') =>
    sandpit.app.request(path, {
      headers: { Host: 'localhost', ...(authorization ? { Authorization: authorization } : {}) },
    })

  it.each([undefined, 'Bearer wrong', `Basic ${token}`, 'Bearer', `Bearer ${token} more`])(
    'refuses %s as Replicate does',
    async (authorization) => {
      const response = await ask(authorization)
      expect(response.status).toBe(401)
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(await response.json()).toEqual({
        title: 'Unauthenticated',
        detail: 'You did not pass a valid authentication token',
        status: 401,
      })
    },
  )

  it.each(['Bearer', 'Token', 'bearer'])('lets in a token by the scheme %s', async (scheme) => {
    const response = await ask(`${scheme} ${token}`)
    expect(response.status).toBe(200)
    const hash = createHash('sha256').update(token).digest('hex').slice(0, 16)
    expect(await response.json()).toMatchObject({ username: `token-${hash}` })
  })

  it('counts what each token asks, and says when it may go on', async () => {
    const left = async () => (await ask('Bearer another')).headers.get('ratelimit-remaining')
    expect(await left()).toBe('4')
    for (let asked = 0; asked < 4; asked++) await left()
    const response = await ask('Bearer another')
    expect(response.status).toBe(429)
    const seconds = Number(response.headers.get('Retry-After'))
    expect(seconds).toBeGreaterThan(0)
    expect(await response.json()).toEqual({
      detail: `Request was throttled. Your rate limit resets in ~${seconds}s.`,
      status: 429,
      retry_after: seconds,
    })
  })
})

describe('without tokens', () => {
  it('answers nobody whom a proxy may have passed on, and says what to set', async () => {
    const sandpit = await createTestApp({ providers: () => [] })
    const response = await sandpit.app.request('/v1/account', { headers: { Host: 'localhost' } })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      title: 'Unauthenticated',
      detail: expect.stringContaining('SANDPIT_API_TOKENS'),
    })
    await sandpit.close()
  })
})
