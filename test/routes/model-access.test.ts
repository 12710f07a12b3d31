import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeModels } from '../support/models.ts'
import { namedPerson } from '../support/named-person.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

const echo = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'kestrel/echo', description: 'Says it again.',
  input: z.object({ text: z.string() }), output: z.string(),
  run: ({ text }) => text,
})`

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ echo })],
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: 'the-team=kestrel,the-office=harbour,*=member',
    },
  })
  await joins('mia', 'the-team')
  await joins('hugo', 'the-office')
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)

/** Puts a person into a group, as a provider of sign-in does. */
async function joins(name: string, group: string): Promise<void> {
  await person(name).get('/')
  const [known] = await sandpit.store.peopleAmong([name])
  await sandpit.store.changePerson(known?.id ?? '', { groups: [group] })
  sandpit.people.forget(known?.id ?? '')
}

const edit = '/kestrel/echo/edit'
async function sentBy(name: string, values: Readonly<Record<string, string>>) {
  const { text } = await person(name).get(edit)
  const seen = /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? ''
  const own = { description: 'Says it again.', visibility: 'private', seen }
  return person(name).post(edit, { ...own, ...values })
}

const statusOf = async (name: string) => (await person(name).get('/kestrel/echo')).status
const hush = { 'input.text': 'hush' }

it('is edited by members of its owner and by operators', async () => {
  expect((await person('ada').get(edit)).status).toBe(403)
  expect((await person('ada').post(edit, { description: 'Mine' })).status).toBe(403)
  expect((await person('ada').get('/kestrel/echo')).text).not.toContain(edit)
  expect((await person('mia').get('/kestrel/echo')).text).toContain(edit)
  expect((await person('olga').get('/kestrel/echo')).text).toContain(edit)
  expect((await sentBy('mia', {})).status).toBe(303)
  for (const [name, status] of Object.entries({ mia: 200, olga: 200, ada: 404, hugo: 404 }))
    expect(await statusOf(name), name).toBe(status)
  expect((await person('ada').get(edit)).status).toBe(404)
  expect((await person('mia').get('/')).text).toContain('<span class="tag">private</span>')
})

it('is seen and run by the people and groups that are given access', async () => {
  await person('ada').get('/')
  const given = await sentBy('mia', { press: 'give access', grantee: 'ada', may: 'run' })
  expect(await given.text()).toContain('ada <span class="tag">may run</span>')
  await sentBy('mia', { press: 'give access', grantee: 'harbour', may: 'see' })
  expect(await statusOf('ada')).toBe(200)
  expect(await statusOf('hugo')).toBe(200)
  const id = idIn(await person('ada').run('/kestrel/echo', hush))
  expect(await statusOf('ben')).toBe(404)
  for (const [name, status] of Object.entries({ ada: 200, olga: 200, mia: 404, hugo: 404 }))
    expect((await person(name).get(`/p/${id}`)).status, name).toBe(status)
  const refused = await person('hugo').run('/kestrel/echo', hush)
  expect(refused.status).toBe(403)
  expect(await refused.text()).toContain('hush')
  const [grant] = sandpit.access.of({ owner: 'kestrel', name: 'echo' })
  await sentBy('mia', { press: `withdraw ${grant?.grantee}` })
  expect(await statusOf('ada')).toBe(404)
  expect((await person('ada').get(`/p/${id}`)).status).toBe(200)
  const { entries } = await sandpit.store.entries(
    { actions: ['access given', 'access taken'] },
    10,
    null,
  )
  expect(entries.map(({ action, actorName }) => `${actorName} ${action}`)).toEqual([
    'mia access taken',
    'mia access given',
    'mia access given',
  ])
})

it('is given with everything else when Save is pressed', async () => {
  await person('ada').get('/')
  const grantee = 'nobody-here'
  const refused = await sentBy('mia', { grantee, description: 'Whispers' })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('<a href="#access">access</a>: Nobody here is called')
  expect((await person('mia').get('/kestrel/echo')).text).not.toContain('Whispers')
  expect((await sentBy('mia', { grantee: 'ada', description: 'Whispers' })).status).toBe(303)
  expect(await statusOf('ada')).toBe(200)
  expect((await person('ada').get('/kestrel/echo')).text).toContain('Whispers')
})

it('says that nobody is called so, and keeps what was typed', async () => {
  const answer = await sentBy('mia', {
    press: 'give access',
    grantee: 'nobody-here',
    description: 'Half typed',
  })
  const text = await answer.text()
  expect(text).toContain('Nobody here is called nobody-here')
  expect(text).toContain('Half typed')
  expect(text).toContain('value="nobody-here"')
})

it('shows members what was made for their group, private or not', async () => {
  const values = { ...hush, account: 'kestrel', private: 'true' }
  const id = idIn(await person('mia').run('/kestrel/echo', values))
  await joins('moe', 'the-team')
  for (const [name, status] of Object.entries({ mia: 200, moe: 200, olga: 200, hugo: 404 }))
    expect((await person(name).get(`/p/${id}`)).status, name).toBe(status)
  expect((await person('moe').get('/predictions')).text).toContain(id)
  expect((await person('hugo').get('/predictions')).text).not.toContain(id)
  expect((await person('moe').post(`/p/${id}/deletion`)).status).toBe(303)
})
