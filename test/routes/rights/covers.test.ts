import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const painter = `
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'kestrel/painter', description: 'Paints a dot.',
  input: z.object({ text: z.string() }), output: file(),
  run: (_, ctx) => ctx.file(Buffer.from('${picture}', 'base64'), { name: 'dot.png' }),
})`
const ref = { owner: 'kestrel', name: 'painter' }

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [writeModels({ painter })],
    environment: {
      SANDPIT_AUTH: 'header:X-User',
      SANDPIT_OPERATORS: 'olga',
      SANDPIT_GROUPS: 'the-team=kestrel,*=member',
    },
  })
  await person('mia').get('/')
  await sandpit.store.changePerson('mia', { groups: ['the-team'] })
  sandpit.people.forget()
})
afterAll(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)
const cover = () => sandpit.edits.of(ref).fields.cover

async function made(name: string, text: string, more = {}): Promise<string> {
  const id = idIn(await person(name).run('/kestrel/painter', { 'input.text': text, ...more }))
  expect(await sandpit.runner.settledWithin(id, 60_000)).toMatchObject({ status: 'succeeded' })
  return id
}

describe('the picture of a private prediction', () => {
  it('becomes the cover of its model by nobody who only oversees it', async () => {
    const id = await made('ada', 'hush', { private: 'true' })
    const shown = await person('olga').get(`/p/${id}`)
    expect(shown.status).toBe(200)
    expect(shown.text).not.toContain('Use as cover')
    const refused = await person('olga').post(`/p/${id}/cover`)
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('Its maker can make it public first.')
    const ref = (await sandpit.runner.find(id))?.files[0]?.ref ?? ''
    const form = await person('olga').openForm('/kestrel/painter/edit')
    const pressed = { ...form, press: `cover ${ref}` }
    const edited = await person('olga').post('/kestrel/painter/edit', pressed)
    expect(await edited.text()).toContain('This picture no longer exists.')
    expect((await person('mia').post(`/p/${id}/cover`)).status).toBe(404)
    expect(cover() ?? null).toBeNull()
  })

  it('becomes it by its own account', async () => {
    const id = await made('mia', 'mine', { private: 'true' })
    expect((await person('mia').get(`/p/${id}`)).text).toContain('Use as cover')
    expect((await person('mia').post(`/p/${id}/cover`)).status).toBe(303)
    expect(cover()).not.toBeNull()
  })
})

it('offers a cover to those alone who edit the model, whoever opened the page before', async () => {
  const id = await made('ada', 'seen by all')
  const offers = async (name: string) =>
    (await person(name).get(`/p/${id}`)).text.includes('Use as cover')
  expect([await offers('mia'), await offers('ben')]).toEqual([true, false])
  expect([await offers('ben'), await offers('mia')]).toEqual([false, true])
})

it('hides an example that was made private from others who edit the model', async () => {
  const id = await made('ada', 'an example for a while')
  await person('ada').post(`/p/${id}/example`, {})
  expect((await person('mia').get('/kestrel/painter/edit')).text).toContain(id)
  await person('ada').post(`/p/${id}/visibility`, { visibility: 'private' })
  expect((await person('mia').get('/kestrel/painter/edit')).text).not.toContain(id)
  const form = await person('mia').openForm('/kestrel/painter/edit')
  const sent = await person('mia').post('/kestrel/painter/edit', { ...form, example: id })
  expect(await sent.text()).toContain('This prediction no longer exists.')
  expect(sandpit.edits.of(ref).fields.defaultExample ?? null).toBeNull()
})
