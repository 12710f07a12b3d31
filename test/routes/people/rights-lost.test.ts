import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const models = writeModels({
  lantern: `
    import { defineModel, z } from 'sandpit/model'
    export default defineModel({
      name: 'kestrel/lantern', description: 'Lights a lantern.',
      input: z.object({ text: z.string() }), output: z.string(),
      run: ({ text }) => text,
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: 'team=kestrel,*=member',
    },
  })
})
afterAll(() => sandpit.close())

async function change(name: string, changes: Parameters<TestApp['store']['changePerson']>[1]) {
  const [known] = await sandpit.store.peopleAmong([name])
  expect(await sandpit.store.changePerson(known?.id ?? '', changes)).toBe(true)
  sandpit.people.forget()
}

const typed = { 'input.text': 'typed before it was lost' }
const count = async () => (await sandpit.store.page({}, 10, null)).predictions.length

describe('while a form is open', () => {
  it('a role is lost: nothing is run, and all that was typed comes back', async () => {
    const ann = namedPerson(sandpit, 'ann')
    const fields = await ann.openForm('/kestrel/lantern')
    await change('ann', { role: 'viewer' })
    const answer = await ann.post('/predictions', { ...fields, ...typed })
    expect(answer.status).toBe(403)
    const text = await answer.text()
    expect(text).toContain('You may see this model, but not run it. Nothing was run.')
    expect(text).toContain(typed['input.text'])
    expect(await count()).toBe(0)
  })

  it('a group is left: the account has to be chosen again', async () => {
    const bob = namedPerson(sandpit, 'bob')
    await bob.get('/')
    await change('bob', { groups: ['team'] })
    const fields = await bob.openForm('/kestrel/lantern')
    await change('bob', { groups: [] })
    const account = 'namespace:kestrel'
    const answer = await bob.post('/predictions', { ...fields, ...typed, account })
    expect(answer.status).toBe(422)
    const text = await answer.text()
    expect(text).toContain('You do not act for')
    expect(text).toContain(typed['input.text'])
    expect(await count()).toBe(0)
  })

  it('somebody is shut out: they are told so, and nothing is run', async () => {
    const cem = namedPerson(sandpit, 'cem')
    const fields = await cem.openForm('/kestrel/lantern')
    await change('cem', { disabledAt: 1 })
    const answer = await cem.post('/predictions', { ...fields, ...typed })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('disabled')
    expect(await count()).toBe(0)
  })
})
