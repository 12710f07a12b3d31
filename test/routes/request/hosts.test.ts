import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../support/listen.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

let sandpit: TestApp
let listening: Awaited<ReturnType<typeof listen>>
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [],
    environment: { SANDPIT_HOSTS: 'GPU-box, bücher.example.:8080,[2001:DB8::1]' },
  })
  listening = await listen(sandpit)
})
afterAll(async () => {
  await listening.close()
  await sandpit.close()
})

async function statusFor(target: string, host: string): Promise<string> {
  const { send } = listening
  const answer = await send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  return answer.slice(9, 12)
}

describe('a request', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST.',
    '127.0.0.1:3000',
    '127.1.2.3',
    '[::1]:3000',
    'gpu-box',
    'gpu-box.:3000',
    'xn--bcher-kva.example',
    '[2001:db8::1]',
  ])('to %s is answered', async (host) => {
    expect(await statusFor('/theme-of-nobody', host)).toBe('404')
  })

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.999.999.999',
    '127.1',
    '0.0.0.0',
    'gpu-box.evil.example',
    '[::2]',
    'localhost..',
  ])('to %s is not', async (host) => {
    expect(['421', '400']).toContain(await statusFor('/', host))
  })
})

describe('a request whose target is a whole address', () => {
  it.each([
    ['http://localhost/none', 'localhost'],
    ['http://LOCALHOST:80/none', 'localhost'],
    ['http://gpu-box:3000/none', 'GPU-box:3000'],
  ])('%s is answered when its Host header says the same', async (target, host) => {
    expect(await statusFor(target, host)).toBe('404')
  })

  it.each([
    ['http://evil.example/', 'localhost'],
    ['http://localhost/', 'evil.example'],
    ['http://evil.example/', 'evil.example'],
    ['https://evil.example/p/a', 'gpu-box'],
    ['http://localhost:1/', 'localhost:2'],
    ['http://localhost@evil.example/', 'localhost'],
    ['HTTP://evil.example/', 'localhost'],
    ['http://evil.example/v1/account', 'localhost'],
    ['http://evil.example/assets/app.css', 'localhost'],
  ])('%s is not when its Host header is %s', async (target, host) => {
    expect(['421', '400']).toContain(await statusFor(target, host))
  })

  it('with two Host headers is refused, whichever comes first', async () => {
    for (const [first, second] of [
      ['localhost', 'evil.example'],
      ['evil.example', 'localhost'],
    ]) {
      const head = `GET / HTTP/1.1\r\nHost: ${first}\r\nHost: ${second}\r\nConnection: close\r\n\r\n`
      expect((await listening.send(head)).slice(9, 12)).toMatch(/421|400/)
    }
  })
})
