import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '../../support/listen.ts'
import { startNginx } from '../../support/nginx.ts'
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

async function behindNginx(port: number, more = '') {
  const nginx = await startNginx(`proxy_pass http://127.0.0.1:${port}; ${more}`)
  closing.push(nginx.stop)
  return nginx
}

/** Resources for operators and programs on this machine only. */
async function rightsAt(url: string) {
  const settings = await fetch(`${url}/settings`)
  const api = await fetch(`${url}/v1/account`)
  await Promise.all([settings.text(), api.text()])
  return { settings: settings.status, api: api.status }
}

const all = { settings: 200, api: 200 }
const none = { settings: 403, api: 401 }
const url = { SANDPIT_URL: 'http://ml.example.com' }

describe('behind an nginx that says nothing of whom it passes on', () => {
  it('nobody is the operator, though all come from this machine and by its name', async () => {
    const { port } = await start(url)
    const nginx = await behindNginx(port)
    expect(await rightsAt(nginx.url)).toEqual(none)
    const kept = await behindNginx(port, 'proxy_http_version 1.1; proxy_set_header Connection "";')
    expect(await rightsAt(kept.url)).toEqual(none)
  })

  it('nobody is either while nothing but HTTP/1.0 tells that they were passed on', async () => {
    const { port, url } = await start({})
    expect(await rightsAt(url)).toEqual(all)
    const nginx = await behindNginx(port)
    expect(await rightsAt(nginx.url)).toEqual(none)
  })
})

describe('whoever is on this machine', () => {
  it.each([
    {},
    { SANDPIT_AUTH: 'none' },
    { SANDPIT_URL: 'http://localhost:3000' },
    { SANDPIT_URL: 'http://[::1]:3000', SANDPIT_HOSTS: 'localhost,127.0.0.2' },
    { ...url, SANDPIT_LOCAL_OPERATOR: 'true' },
    { HOST: '0.0.0.0', SANDPIT_AUTH: 'none', SANDPIT_LOCAL_OPERATOR: 'yes' },
  ])('is the operator with %j', async (environment) => {
    const { url } = await start(environment)
    expect(await rightsAt(url)).toEqual(all)
  })

  it.each([
    url,
    { ...url, SANDPIT_AUTH: 'none' },
    { SANDPIT_URL: 'https://127.0.0.1.example.com' },
    { SANDPIT_HOSTS: 'gpu-box' },
    { SANDPIT_CALLBACK_URL: 'http://sandpit:3000' },
    { SANDPIT_TRUST_PROXY: 'true' },
    { HOST: '0.0.0.0', SANDPIT_AUTH: 'none' },
    { SANDPIT_LOCAL_OPERATOR: 'false' },
  ])('is nobody in particular with %j, and is told what to set', async (environment) => {
    const { url } = await start(environment)
    expect(await rightsAt(url)).toEqual(none)
    expect(await (await fetch(`${url}/settings`)).text()).toContain('SANDPIT_LOCAL_OPERATOR')
    expect(await (await fetch(`${url}/v1/account`)).text()).toContain('SANDPIT_API_TOKENS')
  })

  it.each([
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Port',
    'X-Forwarded-Server',
    'X-Real-IP',
    'X-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'CDN-Loop',
    'Forwarded',
    'Via',
  ])('is somebody else once a proxy adds %s', async (name) => {
    const { ask } = await start({ SANDPIT_LOCAL_OPERATOR: 'true' })
    expect((await ask('/settings', { Host: 'localhost' })).status).toBe(200)
    expect((await ask('/settings', { Host: 'localhost', [name]: '127.0.0.1' })).status).toBe(403)
    expect((await ask('/v1/account', { Host: 'localhost', [name]: '' })).status).toBe(401)
  })
})
