import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import Replicate from 'replicate'
import { expect } from 'vitest'
import { root } from '../../src/root.ts'
import { startAnyServer } from '../support/any-server.ts'
import { writeModels } from '../support/models.ts'
import type { Server } from '../support/server.ts'
import { cogVersionFormat, requiredByPython } from './python-clients.ts'

export const token = 'a-token-for-tests'

/** Models that do what a client can meet. */
export const models = {
  echo: `
    import { defineModel, z } from 'sandpit/model'
    export const echo = defineModel({
      name: 'test/echo',
      description: 'Gives back what it is given.',
      input: z.object({
        text: z.string().min(1).max(20000000),
        times: z.int().min(1).max(4).default(1),
        style: z.enum(['loud', 'quiet']).optional(),
        seed: z.int().optional(),
        scale: z.number().optional(),
        on: z.boolean().optional(),
        tags: z.array(z.string().max(5)).max(3).optional(),
        moods: z.array(z.enum(['sad', 'mad'])).optional(),
        extra: z.any().optional(),
      }),
      output: z.string(),
      copies: 2,
      run: ({ text, times, seed }) => text.repeat(times) + (seed === undefined ? '' : ' ' + seed),
    })`,
  words: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const words = defineModel({
      name: 'test/words',
      description: 'Writes word by word.',
      input: z.object({ words: z.array(z.string()), everyMs: z.int().default(5) }),
      output: z.string(),
      copies: 4,
      async *run({ words, everyMs }, { log, signal }) {
        for (const word of words) {
          log('writing ' + word)
          yield word
          await wait(everyMs, undefined, { signal })
        }
      },
    })`,
  slow: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const slow = defineModel({
      name: 'test/slow',
      description: 'Takes its time.',
      input: z.object({ ms: z.int().default(600000) }),
      output: z.string(),
      copies: 20,
      async run({ ms }, { signal }) {
        await wait(ms, undefined, { signal })
        return 'done'
      },
    })`,
  broken: `
    import { defineModel, z } from 'sandpit/model'
    export const broken = defineModel({
      name: 'test/failing',
      description: 'Fails.',
      input: z.object({}),
      output: z.string(),
      run() { throw new Error('The cat is out of the bag.') },
    })`,
  secret: `
    import { defineModel, secret, z } from 'sandpit/model'
    export const keeper = defineModel({
      name: 'test/keeper',
      description: 'Keeps a secret.',
      input: z.object({ password: secret() }),
      output: z.string(),
      run: ({ password }) => 'It has ' + password.length + ' characters.',
    })`,
  pictures: `
    import { readFile } from 'node:fs/promises'
    import { defineModel, file, z } from 'sandpit/model'
    const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    export const pictures = defineModel({
      name: 'test/pictures',
      description: 'Makes a picture, or gives back the one it is given.',
      input: z.object({ image: file().optional(), count: z.int().default(1) }),
      output: z.array(file()),
      async run({ image, count }, ctx) {
        const content = image ? await readFile(image.path) : Buffer.from(pixel, 'base64')
        return Array.from({ length: count }, (_, at) =>
          ctx.file(content, { name: 'picture ' + at + '.png' }))
      },
    })`,
} as const

/** The smallest picture there is, as test/pictures makes it. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export interface ApiServerOptions {
  readonly data?: string
  readonly base?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** The built server with these models, and a client of Replicate's that knows nothing of it but its address. */
export async function startApi({ environment, ...options }: ApiServerOptions = {}) {
  const server = await startAnyServer({
    ...options,
    environment: {
      SANDPIT_API_TOKENS: token,
      SANDPIT_MODELS: writeModels(models),
      SANDPIT_RATE: 'off',
      ...environment,
    },
  })
  const replicate = new Replicate({
    auth: token,
    baseUrl: `${server.url}/v1`,
    fetch: checked(`${server.url}/v1`),
  })
  const ask = asking(server)
  return { ...server, replicate, ask }
}

export type ApiServer = Awaited<ReturnType<typeof startApi>>

/** Asks with the token; a body is sent as JSON. */
function asking({ url }: Pick<Server, 'url'>) {
  const fetchChecked = checked(`${url}/v1`)
  return (path: string, init: RequestInit & { json?: unknown } = {}) => {
    const { json, ...rest } = init
    const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }
    const headers = new Headers(init.headers)
    if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${token}`)
    if (json !== undefined && !headers.has('Content-Type'))
      headers.set('Content-Type', 'application/json')
    return fetchChecked(path.startsWith('http') ? path : url + path, { ...body, ...rest, headers })
  }
}

/**
 * Fetches, and checks each answer of JSON against what the Python clients require, and against
 * Replicate's own document where that is at hand.
 */
function checked(base: string): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const url = new URL(input instanceof Request ? input.url : input)
    const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '')
    if (url.href.startsWith(base) && isJson)
      check(
        init?.method ?? 'GET',
        url.href.slice(base.length).replace(/\?.*/s, ''),
        response.clone(),
      )
    return response
  }
}

const documentPath = resolve(root, '../shared/reference/replicate-openapi.json')
const api = existsSync(documentPath) ? JSON.parse(readFileSync(documentPath, 'utf8')) : null
const ajv = new Ajv({ strict: false })
formats.default(ajv)
ajv.addFormat('cog-version', cogVersionFormat)
if (api) ajv.addSchema(api, 'api')
const found: { readonly what: string; readonly errors: unknown }[] = []
const checks: Promise<void>[] = []

/** Responses that clients would reject; empty when none, once all have arrived. */
export async function mismatches() {
  await Promise.all(checks)
  return found
}

/** How many answers the document had something to say of. */
let compared = 0
export const comparedAnswers = () => (api ? compared : null)

function check(method: string, path: string, response: Response): void {
  checks.push(
    response.json().then((json) => {
      const what = `${method} ${path} ${response.status}`
      if (!response.ok) {
        expect(response.headers.get('Content-Type'), what).toBe('application/problem+json')
        expect(json, what).toMatchObject({ detail: expect.any(String), status: response.status })
        return
      }
      for (const [client, schema] of requiredByPython(method, path)) {
        const fits = ajv.compile(schema)
        if (!fits(json)) found.push({ what: `${what} for ${client}`, errors: fits.errors })
      }
      const validate = validatorOf(method, path, response.status)
      if (!validate) return
      compared++
      if (!validate(json)) found.push({ what, errors: validate.errors })
    }),
  )
}

function validatorOf(method: string, path: string, status: number): ValidateFunction | undefined {
  const template = Object.keys(api?.paths ?? {}).find((one) =>
    new RegExp(`^${one.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  )
  if (template === undefined) return undefined
  const schema =
    api.paths[template][method.toLowerCase()]?.responses[status]?.content?.['application/json']
  if (!schema) return undefined
  const steps = ['paths', template, method.toLowerCase(), 'responses', String(status)]
  const pointer = [...steps, 'content', 'application/json', 'schema']
    .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')
  return ajv.getSchema(`api#/${pointer}`) as ValidateFunction | undefined
}
