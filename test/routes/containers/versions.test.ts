import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { greetingImage, type ImageApp, startImageApp } from '../../support/containers/image-app.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'

const machine = 'token-of-the-environment'
const images = [greetingImage('1'), greetingImage('2')] as const
const ref = { owner: 'team', name: 'greets' }
const page = '/team/greets/versions'

let sandpit: ImageApp
/** The ids of the versions, as they were added. */
let ids: string[]
beforeEach(async () => {
  sandpit = await startImageApp({ images }, { SANDPIT_API_TOKENS: machine })
  ids = []
  for (const image of images) {
    await sandpit.add(image)
    ids.push((await sandpit.runner.findModel(ref))?.version.id ?? '')
  }
})
afterEach(() => sandpit.close())

const below = (id: string | undefined, action: string) =>
  `/settings/models/team/greets/versions/${id}/${action}`
const current = async () => (await sandpit.runner.findModel(ref))?.version.id

async function run(version?: string): Promise<unknown> {
  const address = `/team/greets${version === undefined ? '' : `?version=${version}`}`
  const id = idIn(await sandpit.olga.run(address, { 'input.name': 'ada' }))
  return (await sandpit.runner.settledWithin(id, 60_000))?.output
}

async function api(method: string, path = '') {
  const headers = { Host: 'localhost', Authorization: `Bearer ${machine}` }
  const answer = await sandpit.app.request(`/v1/models/team/greets/versions${path}`, {
    method,
    headers,
  })
  return { status: answer.status, text: await answer.text() }
}

async function deploy(version: string | undefined): Promise<void> {
  const values = {
    name: 'team/pinned',
    model: 'team/greets',
    version: version ?? '',
    min: '0',
    max: '1',
  }
  expect((await sandpit.olga.post('/deployments', values)).status).toBe(303)
}

describe('the versions of a model from images', () => {
  it('are listed with what is run, also those that nothing was made with', async () => {
    const { text } = await sandpit.olga.get(page)
    for (const image of images) expect(text).toContain(image.name)
    expect(text.indexOf(ids[1] ?? '')).toBeLessThan(text.indexOf(ids[0] ?? ''))
    expect(text).toContain(below(ids[0], 'default'))
    expect(text).not.toContain(below(ids[1], 'default'))
    const others = (await namedPerson(sandpit, 'ada').get(page)).text
    expect(others).toContain(images[0].name)
    expect(others).not.toContain('/settings/models/team/greets/versions')
    expect(JSON.parse((await api('GET')).text).results).toMatchObject(
      ids.toReversed().map((id) => ({ id })),
    )
  })

  it('run beside each other, and the default moves there and back by a click', async () => {
    expect(await run()).toBe('Hello 2, ada')
    expect((await sandpit.olga.post(below(ids[0], 'default'))).headers.get('Location')).toBe(page)
    expect(await current()).toBe(ids[0])
    expect(await run()).toBe('Hello 1, ada')
    expect(await run(ids[1])).toBe('Hello 2, ada')
    await sandpit.olga.post(below(ids[1], 'default'))
    expect(await run()).toBe('Hello 2, ada')
    const log = (await sandpit.olga.get('/settings/audit')).text
    expect(log).toContain(`version ${ids[0]?.slice(0, 12)} runs by default`)
  })

  it('are moved and removed by operators alone', async () => {
    const ada = namedPerson(sandpit, 'ada')
    for (const action of ['default', 'removal'])
      expect((await ada.post(below(ids[0], action))).status).toBe(403)
    expect((await ada.get(below(ids[0], 'removal'))).status).toBe(403)
    expect(await current()).toBe(ids[1])
    expect((await sandpit.olga.post(below('0'.repeat(64), 'default'))).status).toBe(404)
  })

  it('are removed after a question that says what was made with them', async () => {
    await run(ids[0])
    const { text } = await sandpit.olga.get(below(ids[0], 'removal'))
    expect(text).toContain('1 prediction was made with it')
    expect((await sandpit.olga.post(below(ids[0], 'removal'))).status).toBe(303)
    const list = (await sandpit.olga.get(page)).text
    expect(list).not.toContain(images[0].name)
    // What was made with it stays.
    expect(list).toContain(ids[0])
    expect(await sandpit.runner.findModel(ref, ids[0])).toMatchObject({ version: { id: ids[1] } })
    expect((await sandpit.olga.get('/settings/audit')).text).toContain(
      `version ${ids[0]?.slice(0, 12)} removed`,
    )
  })

  it('are kept while they run by default, or for a deployment', async () => {
    await deploy(ids[0])
    for (const [id, why] of [
      [ids[1], 'It runs by default'],
      [ids[0], 'The deployment team/pinned runs it'],
    ] as const) {
      const asked = await sandpit.olga.get(below(id, 'removal'))
      expect(asked.text).toContain(why)
      expect(asked.text).not.toContain('>Remove version<')
      expect((await sandpit.olga.post(below(id, 'removal'))).status).toBe(422)
    }
    expect((await api('GET')).text).toContain(ids[0])
  })
})

describe('the API', () => {
  it('removes an image that nothing was made with', async () => {
    expect((await api('DELETE', `/${ids[0]}`)).status).toBe(202)
    expect((await api('GET', `/${ids[0]}`)).status).toBe(404)
    expect(await run()).toBe('Hello 2, ada')
  })

  it('keeps the default while there are others, and what has predictions', async () => {
    expect(await api('DELETE', `/${ids[1]}`)).toMatchObject({
      status: 422,
      text: expect.stringContaining('runs by default'),
    })
    await run(ids[0])
    expect((await api('DELETE', `/${ids[0]}`)).status).toBe(422)
    expect(await run(ids[0])).toBe('Hello 1, ada')
  })
})
