import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const source = (name: string) => `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/${name}', description: 'Says ${name}.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`

const models = [writeModels({ one: source('one'), two: source('two'), three: source('three') })]
const token = 'a-token-for-tests-only'
const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: token,
}
const settings = '/settings/collections'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models, environment })
})
afterEach(async () => {
  for (const { slug } of sandpit.collections.all()) await sandpit.collections.remove(slug)
  for (const { ref } of await sandpit.runner.models()) await sandpit.edits.remove(ref)
})
afterAll(() => sandpit.close())

async function ask(name: string, path: string, values?: Record<string, string>) {
  const { request } = createVisitor(sandpit)
  const body = values && { method: 'POST', body: new URLSearchParams(values) }
  const answer = await request(path, { ...body, headers: { 'X-User': name } })
  return { status: answer.status, to: answer.headers.get('Location'), text: await answer.text() }
}

async function api(path: string) {
  const headers = { Host: 'localhost', Authorization: `Bearer ${token}` }
  return (await sandpit.app.request(path, { headers })).json()
}

const numbers = {
  title: 'First numbers',
  slug: '',
  summary: 'Models that *count*.\n\n- by hand',
  models: 'team/two\r\nteam/one',
  revision: '0',
}
const make = (changes: Partial<typeof numbers> = {}) =>
  ask('olga', settings, { ...numbers, ...changes })

it('a collection is made by operators, and shown to all in its order', async () => {
  expect((await ask('ada', settings)).status).toBe(403)
  expect((await ask('ada', settings, numbers)).status).toBe(403)
  expect(await make()).toMatchObject({ status: 303, to: '/collections/first-numbers' })
  const { text } = await ask('ada', '/collections/first-numbers')
  expect(text).toContain('>First numbers</h1>')
  expect(text).toContain('<em>count</em>')
  const shown = [...text.matchAll(/<h3><a href="([^"]*)"/g)].map(([, href]) => href)
  expect(shown).toEqual(['/team/two', '/team/one'])
  expect((await ask('olga', settings)).text).toContain('href="/settings/collections/first-numbers"')
})

it('is in the API before the owners of models', async () => {
  await make()
  expect((await api('/v1/collections')).results).toEqual([
    { slug: 'first-numbers', name: 'First numbers', description: 'Models that count.' },
    { slug: 'team', name: 'team', description: '3 models by team.' },
  ])
  const whole = await api('/v1/collections/first-numbers')
  expect(whole.full_description).toBe(numbers.summary)
  expect(whole.models.map(({ name }: { name: string }) => name)).toEqual(['two', 'one'])
  const found = await api('/v1/search?query=numbers')
  expect(found.collections).toMatchObject([
    { slug: 'first-numbers', models: ['team/two', 'team/one'] },
  ])
})

it('hides private models from those who may not see them', async () => {
  await make()
  const hidden = { owner: 'team', name: 'two' }
  await sandpit.edits.save(hidden, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
  expect((await ask('ada', '/collections/first-numbers')).text).not.toContain('/team/two')
  expect((await ask('olga', '/collections/first-numbers')).text).toContain('href="/team/two"')
})

it('is for nobody who may see none of its models, but for operators', async () => {
  await make({ models: 'team/two' })
  const hidden = { owner: 'team', name: 'two' }
  await sandpit.edits.save(hidden, { visibility: 'private' }, { viewer: 'olga', revision: 0 })
  expect(await ask('ada', '/collections/first-numbers')).toMatchObject({ status: 404 })
  expect((await ask('ada', '/collections/first-numbers')).text).not.toContain('First numbers')
  const gone = { owner: 'team', name: 'gone' }
  await sandpit.collections.save({ slug: 'gone', title: 'Gone', summary: '', models: [gone] }, 0)
  const { status, text } = await ask('olga', '/collections/gone')
  expect({ status, text }).toMatchObject({
    status: 200,
    text: expect.stringContaining('no models'),
  })
})

it('is changed and deleted', async () => {
  await make()
  const path = `${settings}/first-numbers`
  const { text } = await ask('olga', path)
  expect(text).toContain('team/two\nteam/one</textarea>')
  const changed = { ...numbers, title: 'Numbers', models: 'team/three, team/one', revision: '1' }
  expect((await ask('olga', path, changed)).status).toBe(303)
  expect(sandpit.collections.find('first-numbers')).toMatchObject({
    title: 'Numbers',
    models: [{ name: 'three' }, { name: 'one' }],
  })
  expect((await ask('olga', `${path}/deletion`)).text).toContain('Delete this collection?')
  expect((await ask('olga', `${path}/deletion`, {})).to).toBe(settings)
  expect((await ask('ada', '/collections/first-numbers')).status).toBe(404)
})

it('is not changed over what somebody else saved, which is shown', async () => {
  await make()
  const path = `${settings}/first-numbers`
  await ask('olga', path, { ...numbers, title: 'By another', revision: '1' })
  const mine = { ...numbers, title: 'By me', revision: '1' }
  const answer = await ask('olga', path, mine)
  expect(answer.status).toBe(409)
  expect(answer.text).toContain('By another')
  expect(answer.text).toContain('value="By me"')
  const again = /name="revision" value="(\d+)"/.exec(answer.text)?.[1] ?? ''
  expect((await ask('olga', path, { ...mine, revision: again })).status).toBe(303)
})

it.each([
  [{ title: ' ' }, 'Enter a title.'],
  [{ slug: 'No Slug' }, 'Use small letters, digits and dashes.'],
  [{ slug: 'team' }, 'This address lists the models of the owner team.'],
  [{ models: 'team/nothing' }, 'There is no model team/nothing here.'],
  [{ models: 'nonsense' }, '“nonsense” is not a name such as owner/name.'],
])('that says %o is refused with everything that was typed', async (changes, sentence) => {
  const answer = await make({ summary: 'Kept.', ...changes })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain(sentence)
  expect(answer.text).toContain('Kept.</textarea>')
  expect(sandpit.collections.all()).toEqual([])
})
