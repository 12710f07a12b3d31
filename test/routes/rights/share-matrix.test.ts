import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { shareLinksOf } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const maker = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'kestrel/lantern', description: 'Lights a lantern.',
  input: z.object({ text: z.string() }), output: file(),
  run: ({ text }, ctx) => ctx.file(Buffer.from(text), { name: 'lit.txt' }),
})`

const secret = 'moonlit-and-unreleased'
/** Nobody is the one who is not signed in. */
const openers = ['nobody', 'ada', 'ben', 'cem', 'vera', 'mia', 'olga'] as const
type Opener = (typeof openers)[number]

/** Who opens a link, by its audience: ada made it, ben is named, olga is an operator. */
const audiences = {
  anyone: openers,
  'signed-in': ['ada', 'ben', 'cem', 'vera', 'mia', 'olga'],
  people: ['ada', 'ben', 'olga'],
} satisfies Record<string, readonly Opener[]>
type Audience = keyof typeof audiences

const states = {
  'all is public': { model: 'public', prediction: 'public' },
  'the prediction is private': { model: 'public', prediction: 'private' },
  'the model is private': { model: 'private', prediction: 'public' },
} as const
type State = keyof typeof states

/** Who sees the prediction at its own address, where no link counts. */
const seers: Readonly<Record<State, readonly Opener[]>> = {
  'all is public': ['ada', 'ben', 'cem', 'vera', 'mia', 'olga'],
  'the prediction is private': ['ada', 'olga'],
  'the model is private': ['ada', 'mia', 'olga'],
}

let sandpit: TestApp
let id = ''
let file = ''
let other = ''
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ maker })],
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: 'the-team=kestrel,*=member',
    },
  })
  for (const name of openers.slice(1)) await person(name).get('/')
  await change('mia', { groups: ['the-team'] })
  await change('vera', { role: 'viewer' })
  id = await made(secret)
  other = await made('another')
  const { ref = '', name = '' } = (await sandpit.runner.find(id))?.files[0] ?? {}
  file = `/files/${ref}/${name}`
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name === 'nobody' ? '' : name)

async function made(text: string): Promise<string> {
  const made = idIn(await person('ada').run('/kestrel/lantern', { 'input.text': text }))
  await sandpit.runner.settledWithin(made, 60_000)
  return made
}

async function change(name: Opener, changes: { groups?: readonly string[]; role?: 'viewer' }) {
  const [known] = await sandpit.store.peopleAmong([name])
  await sandpit.store.changePerson(known?.id ?? '', changes)
  sandpit.people.forget()
}

async function putInto(state: State): Promise<void> {
  const { model, prediction } = states[state]
  const ref = { owner: 'kestrel', name: 'lantern' }
  const { revision } = sandpit.edits.of(ref)
  await sandpit.edits.save(ref, { visibility: model }, { viewer: 'olga', revision })
  await person('olga').post(`/p/${id}/visibility`, { visibility: prediction })
}

/** Makes a link to the prediction as it is, and ends all others. */
async function linkFor(audience: Audience): Promise<string> {
  await person('olga').post(`/p/${id}/shares/revocation`)
  const before = new Set((await shareLinksOf(sandpit, id)).map(({ link }) => link))
  await person('ada').post(`/p/${id}/shares`, { audience, people: 'ben' })
  const made = (await shareLinksOf(sandpit, id)).find(({ link }) => !before.has(link))
  expect(made).toBeDefined()
  return made?.link ?? ''
}

/** What a link has below it: every address of the routes, with the file that there is. */
function below(): readonly string[] {
  const paths = sandpit.app.routes.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/s/:token/'),
  )
  return [...new Set(paths.map(({ path }) => path.slice('/s/:token'.length)))].map((path) =>
    path.startsWith('/files/') ? file : path.replaceAll(/:\w+/g, 'none'),
  )
}

describe.each(Object.keys(states) as State[])('when %s, a share link', (state) => {
  beforeAll(() => putInto(state))

  it.each(Object.keys(audiences) as Audience[])(
    'for %s opens for those alone',
    async (audience) => {
      const link = await linkFor(audience)
      const may: readonly Opener[] = audiences[audience]
      const wrong: string[] = []
      for (const name of openers) {
        const opens = may.includes(name)
        const page = await person(name).get(link)
        const refusal = name === 'nobody' ? 401 : 404
        const refused = audience === 'people' && name === 'nobody' ? [401, 404] : [refusal]
        if (opens ? page.status !== 200 : !refused.includes(page.status))
          wrong.push(`${name} ${link}: ${page.status}`)
        for (const path of below()) {
          const { status, text } = await person(name).get(link + path)
          // A page that says where to sign in, as that of the link itself.
          const isPage = ['/form', '/p/none'].includes(path)
          const signIn = isPage && name === 'nobody' ? 401 : 404
          const isRight = opens ? status < 500 : status === signIn
          if (!isRight) wrong.push(`${name} ${path}: ${status}`)
          if (!opens && text.includes(secret)) wrong.push(`${name} ${path} tells`)
        }
        if (opens && (await person(name).get(link + file)).text !== secret)
          wrong.push(`${name} has no file`)
      }
      expect(wrong).toEqual([])
    },
  )

  it('opens nothing else: not its own page, its file by itself, or another prediction', async () => {
    const link = await linkFor('anyone')
    const [file2] = (await sandpit.runner.find(other))?.files ?? []
    for (const name of openers) {
      expect((await person(name).get(link)).status, name).toBe(200)
      const refusal = name === 'nobody' ? 401 : 404
      const expected = seers[state].includes(name) ? 200 : refusal
      expect((await person(name).get(`/p/${id}`)).status, name).toBe(expected)
      expect((await person(name).get(file)).status, name).toBe(expected)
      const foreign = `${link}/files/${file2?.ref}/${file2?.name}`
      expect((await person(name).get(foreign)).status, name).toBe(404)
    }
  })
})
