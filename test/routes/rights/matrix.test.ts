import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scope } from '../../../src/domain/people/viewer.ts'
import { createApi } from '../../../src/routes/api/index.ts'
import { createMcp } from '../../../src/routes/mcp/index.ts'
import { createOpenAi } from '../../../src/routes/openai/index.ts'
import { tokenHash } from '../../../src/routes/request/personal-tokens.ts'
import { newTokenText } from '../../../src/routes/request/token-text.ts'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { tokenOf } from '../../support/people.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { matrix, type Row, rowOf } from './matrix.ts'

const lantern = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'kestrel/lantern', description: 'Lights a lantern.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`

const ref = { owner: 'kestrel', name: 'lantern' }
const machine = 'token-of-the-environment'
/** What must not be found where somebody may not see the prediction, and the model. */
const secret = { prediction: 'moonlit-and-unreleased', model: 'lantern' }
const names = ['ada', 'ben', 'vera', 'mia', 'olga'] as const
type Name = (typeof names)[number]

let sandpit: TestApp
let id = ''
/** Of ada, and private in each state. */
let group = ''
let version = ''
const tokens = new Map<string, string>()
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ lantern })],
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: 'the-team=kestrel,*=member',
      SANDPIT_API_TOKENS: machine,
    },
  })
  for (const name of names) await person(name).get('/')
  await change('mia', { groups: ['the-team'] })
  await change('vera', { role: 'viewer' })
  for (const name of names) tokens.set(name, await tokenFor(name, ['read', 'run', 'operate']))
  id = idIn(await person('ada').run('/kestrel/lantern', { 'input.text': secret.prediction }))
  const made = await sandpit.runner.settledWithin(id, 60_000)
  version = made?.version ?? ''
  group = await privateGroup(made?.createdBy ?? '')
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)

async function change(name: Name, changes: { groups?: readonly string[]; role?: 'viewer' }) {
  const [known] = await sandpit.store.peopleAmong([name])
  await sandpit.store.changePerson(known?.id ?? '', changes)
  sandpit.people.forget()
}

async function privateGroup(createdBy: string): Promise<string> {
  const model = await sandpit.runner.findModel(ref)
  if (!model) throw new Error('The model is not there')
  const input = { text: secret.prediction }
  const { id } = await sandpit.runner.groups.start({
    kind: 'batch',
    title: secret.prediction,
    axes: [],
    source: 'web',
    createdBy,
    visibility: 'private',
    formKey: null,
    runs: [{ place: 1, model, input, files: [] }],
  })
  return id
}

async function tokenFor(name: Name, scopes: readonly Scope[]): Promise<string> {
  const text = newTokenText()
  const [known] = await sandpit.store.peopleAmong([name])
  const account = known?.id ?? ''
  const own = { person: account, account, scopes, id: `token-${name}-${scopes.join('-')}` }
  await sandpit.store.addToken(tokenOf(name, { ...own, hash: tokenHash(text) }))
  return text
}

async function askApi(token: string, path: string, method = 'GET') {
  const headers = {
    Host: 'localhost',
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  }
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
  const answer = await sandpit.app.request(path, { method, headers, ...body })
  return { status: answer.status, text: await answer.text() }
}

/** Who sees what, in each state of the model and of the prediction of ada, who is no member of kestrel. */
const states = {
  'all is public': { model: names, prediction: names, file: names },
  'the prediction is private': { model: names, prediction: ['ada', 'olga'], file: ['ada', 'olga'] },
  'the model is private': {
    model: ['mia', 'olga'],
    prediction: ['ada', 'mia', 'olga'],
    file: ['ada', 'mia', 'olga'],
  },
} satisfies Record<string, Record<string, readonly Name[]>>
type State = keyof typeof states

async function putInto(state: State): Promise<void> {
  const visibility = state === 'the model is private' ? 'private' : 'public'
  const { revision } = sandpit.edits.of(ref)
  await sandpit.edits.save(ref, { visibility }, { viewer: 'olga', revision })
  const isPrivate = state === 'the prediction is private'
  await person('olga').post(`/p/${id}/visibility`, { visibility: isPrivate ? 'private' : 'public' })
  const found = await sandpit.runner.find(id)
  expect(found?.visibility).toBe(isPrivate ? 'private' : 'public')
}

const changers: readonly Name[] = ['mia', 'olga']
const owners: readonly Name[] = ['ada', 'olga']

/** The statuses by which a row refuses somebody; null when it does not. */
function refusalOf(row: Row, state: State, name: Name): readonly number[] | null {
  const { model, prediction } = states[state]
  const seesModel = (model as readonly Name[]).includes(name)
  const sees = (prediction as readonly Name[]).includes(name)
  if (row === 'model') return seesModel ? null : [404]
  if (row === 'prediction' || row === 'part') return sees ? null : [404]
  if (row === 'own' || row === 'group') return owners.includes(name) ? null : [404]
  if (row === 'operator') return name === 'olga' ? null : [403]
  if (row === 'run') return !seesModel ? [404] : name === 'vera' ? [403] : null
  if (row === 'change' || row === 'operate')
    return changers.includes(name) ? null : seesModel && sees ? [403] : [404, 403]
  return null
}

/** The address of a route with the model, the prediction and names of parts that there are. */
function addressOf(path: string): string {
  const values: Readonly<Record<string, string>> = {
    id,
    owner: 'kestrel',
    name: 'lantern',
    model_owner: 'kestrel',
    model_name: 'lantern',
    model: 'kestrel%2Flantern',
    slug: 'kestrel',
    collection_slug: 'kestrel',
    other: id,
    prediction_id: id,
    version_id: version,
    file: 'model.ts',
    token: 'x',
  }
  const named = path
    .replace('/versions/:id', `/versions/${version}`)
    .replace('/g/:id', `/g/${group}`)
  return named.replaceAll(/:(\w+)/g, (_, name) => values[name] ?? 'none')
}

function routes(): readonly {
  readonly method: string
  readonly path: string
  readonly row: Row
}[] {
  return allRoutes().map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return { method, path, row: rowOf(route) ?? 'open' }
  })
}

/** Whether an address is for programs, which send tokens. */
const isOfPrograms = (path: string) => /^\/(?:(?:openai\/)?v1\/|mcp$)/.test(path)

/** Creations whose bodies say which model they are for. */
const namesModelInBody = /^\/v1\/predictions$|^\/(?:openai\/|mcp$)/

function allRoutes(): readonly string[] {
  const getPath = ({ url }: Request) => new URL(url).pathname
  const apis = [createApi, createOpenAi, createMcp].map((create) => create(sandpit.deps, getPath))
  const all = [sandpit.app, ...apis]
    .flatMap((app): readonly { method: string; path: string }[] => app.routes)
    .filter(({ method }) => method !== 'ALL')
  return [...new Set(all.map(({ method, path }) => `${method} ${path}`))]
}

/** These answer 404 to those who may, too: there is no such part, and nothing of that name. */
const absent =
  /\/(?:readme|assets\/:\w+|versions\/compare|search)$|^\/(?:settings|deployments|account)\/.*:|^\/files\//

function isAnswered(status: number, { path, row }: { path: string; row: Row }): boolean {
  if (status === 403 || status >= 500) return false
  return status !== 404 || row === 'part' || row === 'open' || absent.test(path)
}

it('has every route in one row', () => {
  expect(allRoutes().filter((route) => rowOf(route) === undefined)).toEqual([])
  const known = new Set(allRoutes())
  const gone = Object.keys(matrix).filter((name) => !name.endsWith('*') && !known.has(name))
  expect(gone).toEqual([])
})

describe.each(Object.keys(states) as State[])('when %s', (state) => {
  beforeAll(() => putInto(state))

  it.each(names)('answers %s on pages as the matrix says', async (name) => {
    const wrong: string[] = []
    for (const { method, path, row } of routes()) {
      if (isOfPrograms(path) || row === 'address') continue
      const refusal = refusalOf(row, state, name)
      // What would change something is sent by those alone who may not.
      if (method !== 'GET' && refusal === null) continue
      const address = addressOf(path)
      const form = row === 'run' ? { model: 'kestrel/lantern', version } : {}
      const { status } =
        method === 'GET' ? await person(name).get(address) : await person(name).post(address, form)
      const isRight = refusal ? refusal.includes(status) : isAnswered(status, { path, row })
      if (!isRight) wrong.push(`${method} ${address}: ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it.each(names)('answers the token of %s as the matrix says', async (name) => {
    const wrong: string[] = []
    for (const { method, path, row } of routes()) {
      if (!isOfPrograms(path) || row === 'address') continue
      const isReading = method === 'GET' || method === 'QUERY'
      const isViewer = name === 'vera' && (!isReading || path.endsWith('/secret'))
      const refusal = isViewer ? [403] : refusalOf(row, state, name)
      if (method !== 'GET' && refusal === null) continue
      // Its body says which model it is for.
      if (namesModelInBody.test(path) && row === 'run') continue
      const { status } = await askApi(tokens.get(name) ?? '', addressOf(path), method)
      const isRight = refusal
        ? [...refusal, 422].includes(status)
        : path.includes('/:') || (status !== 404 && status !== 403 && status < 500)
      if (!isRight) wrong.push(`${method} ${path}: ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it('names nothing in any answer that somebody may not see', async () => {
    const hidden = [
      ...(states[state].prediction.length < names.length ? [id, secret.prediction] : []),
      ...(states[state].model.length < names.length ? [secret.model] : []),
    ]
    const token = tokens.get('ben') ?? ''
    const told: string[] = []
    const lists = [
      '/?q=lantern',
      '/?q=lights',
      '/search?q=lights',
      '/predictions?q=moonlit',
      '/predictions?view=grid',
    ]
    const searches = [
      '/v1/search?query=lantern',
      '/predictions?model=kestrel/lantern',
      '/kestrel/lantern?as=json',
    ]
    const paths = routes().flatMap(({ method, path }) =>
      method === 'GET' ? [addressOf(path)] : [],
    )
    for (const path of [...lists, ...searches, ...paths]) {
      const { text } = isOfPrograms(path)
        ? await askApi(token, path)
        : await person('ben').get(path)
      // What was sent may be repeated in links and in fields.
      const shown = text.replaceAll(path, '')
      for (const one of hidden)
        if (!path.includes(one) && shown.includes(one)) told.push(`${path}: ${one}`)
    }
    expect(told).toEqual([])
  })
})

it('gives each scope of a token its routes alone', async () => {
  const scopes: readonly (readonly [Scope, (method: string, path: string) => boolean])[] = [
    ['metrics', () => false],
    ['read', (method, path) => method === 'GET' || method === 'QUERY' || path === '/mcp'],
  ]
  const wrong: string[] = []
  for (const [scope, isOpen] of scopes) {
    const token = await tokenFor('olga', [scope])
    for (const { method, path, row } of routes()) {
      if (!isOfPrograms(path) || row === 'address' || isOpen(method, path)) continue
      const { status } = await askApi(token, addressOf(path), method)
      if (status !== 403) wrong.push(`${scope}: ${method} ${path}: ${status}`)
    }
  }
  const running = await tokenFor('olga', ['run'])
  for (const { method, path, row } of routes()) {
    if (!isOfPrograms(path) || row !== 'operate') continue
    const { status } = await askApi(running, addressOf(path), method)
    if (status !== 403) wrong.push(`run: ${method} ${path}: ${status}`)
  }
  expect(wrong).toEqual([])
})

it('shows a token of the environment no prediction that is private to somebody', async () => {
  await putInto('the prediction is private')
  expect((await askApi(machine, `/v1/predictions/${id}`)).status).toBe(404)
  expect((await askApi(machine, '/v1/predictions')).text).not.toContain(id)
  await putInto('all is public')
  expect((await askApi(machine, `/v1/predictions/${id}`)).status).toBe(200)
})

it('asks those who are not signed in to sign in, wherever something is named', async () => {
  const answered: string[] = []
  for (const { method, path, row } of routes()) {
    if (row === 'open' || row === 'address' || method !== 'GET') continue
    const { status } = await person('').get(addressOf(path))
    if (status !== 401) answered.push(`${path}: ${status}`)
  }
  expect(answered).toEqual([])
})
