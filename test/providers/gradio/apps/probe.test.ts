import { describe, expect, it, onTestFinished } from 'vitest'
import type { Json } from '../../../../src/domain/json/json.ts'
import { listIn, objectIn } from '../../../../src/domain/json/parts.ts'
import type { Probed } from '../../../../src/providers/provider.ts'
import { recorded } from '../../../support/transcripts.ts'
import { gradioOver, type TestProviderOptions } from '../support/provider.ts'
import { as, type RecordedApp, refusing, startRecorded } from '../support/recorded-app.ts'

async function opened(options: TestProviderOptions = {}) {
  const app = await startRecorded()
  const { provider, close } = gradioOver(options)
  onTestFinished(async () => {
    await close()
    await app.close()
  })
  return { app, provider }
}

function modelsIn(probed: Probed | null) {
  if (probed?.kind !== 'found') throw new Error(JSON.stringify(probed))
  return probed.upstream.models
}

function schemaOf(probed: Probed | null, id: string) {
  const found = modelsIn(probed).find((one) => one.id === id)
  return objectIn(found?.model.version.schema.schemas.Input)
}

describe('looking for a Gradio app', () => {
  it('finds a model for each public function with a name', async () => {
    const { app, provider } = await opened()
    const probed = await provider.probe({ text: app.url })
    const ids = modelsIn(probed).map(({ id }) => id)
    expect(ids).toHaveLength(20)
    expect(ids).not.toContain('/hidden')
    expect(ids).not.toContain('/lambda')
    expect(probed).toMatchObject({
      upstream: {
        title: 'Gradio app',
        address: app.url,
        facts: ['Gradio 6.25.0', '20 functions', 'needs no key'],
      },
    })
    expect(modelsIn(probed)[0]).toMatchObject({
      id: '/echo',
      can: 'takes name, n, level, style and 1 more',
      source: { provider: 'gradio', urls: [`${app.url}#/echo`] },
      model: { ref: { owner: 'fixture-app', name: 'echo' }, description: 'Greets somebody.' },
    })
  })

  it('reads types of /info with the bounds and choices of /config', async () => {
    const { app, provider } = await opened()
    const probed = await provider.probe({ text: app.url })
    expect(schemaOf(probed, '/echo')).toMatchObject({
      required: ['name'],
      properties: {
        name: { type: 'string', title: 'Your name', description: 'Your name' },
        n: { type: 'integer', minimum: 1, maximum: 10, default: 2 },
        level: { type: 'number', minimum: 0, maximum: 1, default: 0.5 },
        style: { enum: ['plain', 'fancy', 'vfancy'], description: 'vfancy: Very fancy' },
        loud: { type: 'boolean', default: false },
      },
    })
    expect(schemaOf(probed, '/pic')).toMatchObject({
      properties: { img: { type: 'string', format: 'uri', 'x-cog-accept': 'image/*' } },
    })
    expect(schemaOf(probed, '/files')).toMatchObject({
      properties: {
        f: { type: 'array', items: { format: 'uri', 'x-cog-accept': '.txt,image/*' } },
      },
    })
    expect(schemaOf(probed, '/chat')).toMatchObject({
      required: ['msg'],
      properties: { hist: { type: 'array' } },
    })
    expect(schemaOf(probed, '/count')).toMatchObject({ properties: {} })
  })

  it('offers the function alone that the address names', async () => {
    const { app, provider } = await opened()
    const probed = await provider.probe({ text: `${app.url}/?__theme=dark#/words` })
    const chosen = modelsIn(probed).filter(({ isChosen }) => isChosen)
    expect(chosen.map(({ id }) => id)).toEqual(['/words'])
    expect(await provider.probe({ text: `${app.url}#/nope` })).toEqual({
      kind: 'refused',
      sentence: `The Gradio app at ${app.url} has no function /nope.`,
    })
  })

  it('never repeats a function of an app whose two descriptions do not fit', async () => {
    const { app, provider } = await opened()
    const config = objectIn(JSON.parse(recorded('gradio', 'config').response.body.toString()))
    const dependencies = listIn(config.dependencies).map((one, at) =>
      at === 0 ? { ...objectIn(one), inputs: [2] } : one,
    )
    app.answer('GET /config', refusing(200, { ...config, dependencies }))
    const ids = modelsIn(await provider.probe({ text: app.url })).map(({ id }) => id)
    expect(ids).not.toContain('/echo')
    expect(ids).toContain('/words')
  })

  it.each<[string, Json, string]>([
    [
      'an old one',
      { version: '3.50.2', protocol: 'ws', components: [], dependencies: [] },
      'refused',
    ],
    ['no app', { version: '1' }, 'other'],
    ['a list', [], 'other'],
    [
      'deep nonsense',
      { version: '6', protocol: 'sse_v3', components: [1], dependencies: [null, 'a'] },
      'refused',
    ],
  ])('says what is wrong with %s', async (_name, config, kind) => {
    const { app, provider } = await opened()
    app.answer('GET /config', refusing(200, config))
    const probed = await provider.probe({ text: app.url })
    expect(probed).toMatchObject({ kind, sentence: expect.stringMatching(/^The .+\.$/s) })
  })

  it('leaves other texts and other servers to others', async () => {
    const { app, provider } = await opened()
    for (const text of [
      'owner/name',
      '/srv/models',
      'https://replicate.com/a/b',
      'https://huggingface.co/a/b',
    ])
      expect(await provider.probe({ text })).toBeNull()
    app.answer('GET /config', as('not-found'))
    expect(await provider.probe({ text: app.url })).toMatchObject({ kind: 'other', isAway: false })
    await app.close()
    expect(await provider.probe({ text: app.url })).toMatchObject({ kind: 'other', isAway: true })
  })
})

describe('a Gradio app with a login', () => {
  function closed(app: RecordedApp) {
    const cookie = 'access-token-FIXTUREAPP=fixture-login'
    for (const [what, open, shut] of [
      ['GET /config', 'config', 'auth-config-none'],
      ['GET /gradio_api/info', 'info', 'auth-info-none'],
      ['POST /gradio_api/queue/join', 'auth-ok.join', 'auth-join-none'],
    ] as const)
      app.answer(what, (asked, response) =>
        as(asked.headers.cookie?.includes(cookie) ? open : shut)(asked, response),
      )
    app.answer('POST /login', (asked, response) =>
      as(asked.body.endsWith('password=pass') ? 'auth-login-ok' : 'auth-login-wrong')(
        asked,
        response,
      ),
    )
  }

  it('asks for a user and a password', async () => {
    const { app, provider } = await opened()
    closed(app)
    const without = await provider.probe({ text: app.url })
    expect(without).toMatchObject({ kind: 'refused', asks: 'key' })
    const wrong = await provider.probe({ text: app.url, key: 'user:wrong' })
    expect(wrong).toMatchObject({ kind: 'refused', asks: 'key' })
    const right = await provider.probe({ text: app.url, key: 'user:pass' })
    expect(modelsIn(right)).toHaveLength(20)
    expect(JSON.stringify(right)).not.toContain('pass')
  })

  it('never gets a token of Hugging Face', async () => {
    const { app, provider } = await opened()
    await provider.probe({ text: app.url, key: 'hf_secret' })
    expect(app.asked.every(({ headers }) => headers.authorization === undefined)).toBe(true)
  })
})

describe('a Space', () => {
  const page = 'https://huggingface.co/spaces/ann/sing'

  async function space(stage: string, key?: string) {
    const { app, provider: other } = await opened()
    await other.close()
    const hub = { url: `${app.url}/hub`, owns: (url: string) => url === app.url }
    const { provider } = await opened({ hub })
    app.answer('GET /hub/api/spaces/ann/sing', refusing(200, { runtime: { stage } }))
    app.answer('GET /hub/api/spaces/ann/sing/host', refusing(200, { host: app.url }))
    return { app, probed: await provider.probe({ text: page, key: key ?? null }) }
  }

  it('runs where Hugging Face says', async () => {
    const { app, probed } = await space('RUNNING', 'hf_secret')
    expect(modelsIn(probed)[0]).toMatchObject({
      model: { ref: { owner: 'ann', name: 'sing-echo' } },
      source: { urls: [`${page}#/echo`] },
    })
    expect(app.asked.every(({ headers }) => headers.authorization === 'Bearer hf_secret')).toBe(
      true,
    )
  })

  it.each([
    ['SLEEPING', /was asleep, and starts now/],
    ['APP_STARTING', /is starting/],
    ['PAUSED', /is paused/],
    ['RUNTIME_ERROR', /failed to start/],
  ])('may be %s', async (stage, sentence) => {
    const { probed } = await space(stage)
    expect(probed).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(sentence) })
  })
})
