import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const none = `
import { defineModel, z } from 'sandpit/model'
export default defineModel({
  name: 'team/none', description: 'Says nothing.',
  input: z.object({}), output: z.string(), run: () => '',
})`

const instances = '/settings/models/team/none/instances'

let sandpit: TestApp
beforeEach(async () => {
  const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }
  sandpit = await createTestApp({ models: [writeModels({ none })], environment })
})
afterEach(() => sandpit.close())

it('says nothing of instances where there is no choice, and to nobody but operators', async () => {
  const [ada, olga] = ['ada', 'olga'].map((name) => namedPerson(sandpit, name))
  expect((await ada?.get(instances))?.status).toBe(403)
  expect((await ada?.post(instances, { press: 'try again' }))?.status).toBe(403)
  expect((await olga?.get(instances))?.status).toBe(404)
  expect((await olga?.post(instances, { press: 'try again' }))?.status).toBe(404)
  expect((await olga?.get('/settings/models/team/none'))?.text).toContain('<h2 id="now">')
})
