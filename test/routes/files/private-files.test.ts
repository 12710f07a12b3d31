import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const copier = `
import { readFile } from 'node:fs/promises'
import { defineModel, file, z } from 'sandpit/model'
export default defineModel({
  name: 'team/copier', description: 'Copies a file.',
  input: z.object({ file: file() }), output: file(),
  run: async ({ file }, ctx) => ctx.file(await readFile(file.path), { name: 'copy.txt' }),
})`

const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_API_TOKENS: 'token-a-for-tests',
}

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [writeModels({ copier })], environment })
})
afterAll(() => sandpit.close())

const ada = () => namedPerson(sandpit, 'ada')
const ben = () => namedPerson(sandpit, 'ben')
const olga = () => namedPerson(sandpit, 'olga')
const secret = () => new File(['a secret text'], 'secret.txt', { type: 'text/plain' })

async function copied(values: Readonly<Record<string, string>>) {
  const id = idIn(await ada().run('/team/copier', { 'input.file': secret(), ...values }))
  await sandpit.runner.settledWithin(id, 60_000)
  const { files = [] } = (await sandpit.runner.find(id)) ?? {}
  return { id, files, paths: files.map((file) => sandpit.paths.file(file)) }
}

const statuses = async (path: string) =>
  Promise.all([ada(), ben(), olga()].map(async ({ get }) => (await get(path)).status))

it('gives the files of a prediction to those who see it', async () => {
  const hidden = await copied({ private: 'true' })
  expect(hidden.paths).toHaveLength(2)
  for (const path of hidden.paths) expect(await statuses(path)).toEqual([200, 404, 200])
  const open = await copied({})
  for (const path of open.paths) expect(await statuses(path)).toEqual([200, 200, 200])
})

it('takes a file by its reference from those alone who see it', async () => {
  const { files, paths } = await copied({ private: 'true' })
  const names = [...paths, ...files.map(({ ref }) => `sandpit:${ref}`)]
  for (const name of names) {
    expect(idIn(await ada().run('/team/copier', { 'input.file': name })), name).not.toBe('')
    const refused = await ben().run('/team/copier', { 'input.file': name })
    const id = idIn(refused)
    const settled = id === '' ? null : await sandpit.runner.settledWithin(id, 60_000)
    expect(settled?.status ?? 'refused', name).not.toBe('succeeded')
    expect(settled?.files ?? []).toEqual([])
    const address = `/team/copier?${new URLSearchParams({ 'input.file': name })}`
    expect((await ben().get(address)).text, name).not.toContain('secret.txt<')
  }
})

it('gives an upload that no prediction took to its uploader', async () => {
  const form = { ...(await ada().openForm('/team/copier')), 'input.file': secret(), view: 'form' }
  const text = await (await ada().post('/predictions', form)).text()
  const ref = /sandpit:([a-z2-7]{26})/.exec(text)?.[1] ?? ''
  expect(ref).not.toBe('')
  expect(await statuses(`/files/${ref}/secret.txt`)).toEqual([200, 404, 200])
  const taken = await ben().run('/team/copier', { 'input.file': `sandpit:${ref}` })
  expect(idIn(taken)).toBe('')
})

it('does not give a program what is private to a person', async () => {
  const { files } = await copied({ private: 'true' })
  const [file] = files
  const made = await sandpit.app.request('/v1/models/team/copier/predictions', {
    method: 'POST',
    headers: {
      Authorization: 'Bearer token-a-for-tests',
      'Content-Type': 'application/json',
      Host: 'localhost',
    },
    body: JSON.stringify({ input: { file: `sandpit:${file?.ref}` } }),
  })
  expect(made.status).toBe(422)
})

it('keeps an operator’s look at one that is private to others, as a look at its prediction', async () => {
  const looked = async (act: () => Promise<unknown>) => {
    const looks = async () =>
      (await sandpit.store.entries({ actions: ['looked at'] }, 1_000, null)).entries
    const before = (await looks()).length
    await act()
    const made = await looks()
    return made.slice(0, made.length - before).map(({ subject, subjectOwner }) => {
      expect(subjectOwner).toBe('ada')
      return subject
    })
  }
  const { id, paths } = await copied({ private: 'true' })
  const [first = '', second = ''] = paths
  const everybody = async () => {
    for (const path of [first, second, first]) await statuses(path)
  }
  expect(await looked(everybody)).toEqual([`p/${id}`])
  const [other, third] = [await copied({ private: 'true' }), await copied({ private: 'true' })]
  expect(await looked(() => olga().get(`/p/${other.id}/files.zip`))).toEqual([`p/${other.id}`])
  const selected = `/predictions/files.zip?id=${third.id}`
  expect(await looked(() => olga().get(selected))).toEqual([`p/${third.id}`])
  const compared = [await copied({ private: 'true' }), await copied({})].map((one) => one.id)
  const comparison = `/p/${compared.join('/diff/')}`
  expect(await looked(() => olga().get(comparison))).toEqual([`p/${compared[0]}`])
  const open = await copied({})
  expect(await looked(() => statuses(open.paths[0] ?? ''))).toEqual([])
})

it('is counted on the page of the account that made it', async () => {
  const counts = async () =>
    /who=me">[^<]*<\/a>: ([^<]*)</.exec(
      (await namedPerson(sandpit, 'eve').get('/account')).text,
    )?.[1]
  expect(await counts()).toBe('0.')
  const eve = namedPerson(sandpit, 'eve')
  const id = idIn(await eve.run('/team/copier', { 'input.file': secret() }))
  await sandpit.runner.settledWithin(id, 60_000)
  expect(await counts()).toBe('1, with 2 files of 26 B.')
})
