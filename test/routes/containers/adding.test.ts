import { afterEach, describe, expect, it } from 'vitest'
import { greetingImage, type ImageApp, startImageApp } from '../../support/containers/image-app.ts'

let sandpit: ImageApp
afterEach(() => sandpit.close())

describe('an image that is looked at', () => {
  it('is shown with its form, and what it takes to run it, before anything is pulled', async () => {
    const image = greetingImage('1', { gpu: true })
    sandpit = await startImageApp({ images: [image] })
    const answer = await sandpit.olga.post('/models/new', { where: image.name })
    const text = await answer.text()
    expect(answer.status).toBe(200)
    for (const fact of ['needs a GPU', 'one run at a time', 'Cog 0.16.8', '126 MB, here already'])
      expect(text).toContain(fact)
    expect(text).toMatch(/>name<\/\w+>/)
    expect(sandpit.engine.pulls).toEqual([])
    expect(sandpit.engine.containers()).toEqual([])
    expect(sandpit.records.all()).toEqual([])
  })
})

it('takes an image in the API for the name of one, never for an address', async () => {
  const token = 'token-of-the-environment'
  sandpit = await startImageApp(
    { images: [{ ...greetingImage('1'), name: 'greets:5000' }] },
    { SANDPIT_API_TOKENS: token },
  )
  const headers = {
    Host: 'localhost',
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
  }
  const post = async (path: string, body: object) => {
    const answer = await sandpit.app.request(`/v1/models${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return { status: answer.status, text: await answer.text() }
  }
  const model = { owner: 'team', name: 'greets', visibility: 'public', hardware: 'cpu' }
  expect(await post('', model)).toMatchObject({ status: 201 })
  const refused = await post('/team/greets/versions', { image: 'http://127.0.0.1:9' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('This is not the name of a container image.')
  // A host and a port elsewhere.
  expect(await post('/team/greets/versions', { image: 'greets:5000' })).toMatchObject({
    status: 201,
  })
})
