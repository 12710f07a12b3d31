import { afterAll, beforeAll, expect, it } from 'vitest'
import { echo, writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }

let sandpit: TestApp
let made: Readonly<Record<string, string>>
beforeAll(async () => {
  sandpit = await createTestApp({ models: [writeModels({ echo })], environment })
  const run = async (name: string) => {
    const id = idIn(await person(name).run('/team/echo', { 'input.text': 'hush' }))
    await sandpit.runner.settledWithin(id, 60_000)
    return id
  }
  made = { ada: await run('ada'), ben: await run('Ben Lee') }
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)

async function listed(name: string, query: string): Promise<string[]> {
  const { text } = await person(name).get(`/predictions${query}`)
  return Object.keys(made).filter((maker) => text.includes(made[maker] ?? ''))
}

it.each([
  ['', ['ada', 'ben']],
  ['?who=me', ['ada']],
  ['?who=ada', ['ada']],
  ['?who=ben-lee', ['ben']],
  ['?who=api', []],
  ['?who=nobody', []],
])('lists with %s what those people made', async (query, makers) => {
  expect(await listed('ada', query)).toEqual(makers)
})

it('names the maker by their handle, with a link to what else they made', async () => {
  const of = async (name: string, maker: string) => (await person(name).get(`/p/${maker}`)).text
  const link = '<a href="/predictions?who=ben-lee">ben-lee</a>'
  expect(await of('ada', made.ben ?? '')).toContain(link)
  expect(await of('Ben Lee', made.ben ?? '')).toContain('<a href="/predictions?who=me">you</a>')
})

it('offers operators everybody, and others themselves', async () => {
  const options = async (name: string) => {
    const { text } = await person(name).get('/predictions')
    const select = /<select name="who"[^>]*>(.*?)<\/select>/s.exec(text)?.[1] ?? ''
    return [...select.matchAll(/value="([^"]*)"/g)].map(([, value]) => value)
  }
  expect(await options('ada')).toEqual(['', 'me', 'api'])
  expect(await options('olga')).toEqual(['', 'me', 'ada', 'ben-lee', 'api'])
})
