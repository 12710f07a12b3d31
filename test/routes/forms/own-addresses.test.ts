import { hash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const token = 'a-token-for-tests'
const models = writeModels({
  keep: `
    import { defineModel, file, z } from 'sandpit/model'
    export const keep = defineModel({
      name: 'test/keep',
      description: 'Takes a file.',
      input: z.object({ file: file() }),
      output: z.string(),
      run: () => 'taken',
    })`,
})
const ref = 'b'.repeat(26)
const share = 'c'.repeat(26)

let sandpit: TestApp
let asset: string
beforeAll(async () => {
  sandpit = await createTestApp({
    models: [models],
    environment: {
      SANDPIT_API_TOKENS: token,
      SANDPIT_URL: 'https://ml.example.com/pit',
      SANDPIT_CALLBACK_URL: 'http://sandpit:3000',
      SANDPIT_HOSTS: 'gpu-box',
    },
  })
  const stored = await sandpit.files.put(new Blob(['hello']).stream(), 100)
  const account = `token:${hash('sha256', token).slice(0, 16)}`
  await sandpit.store.addFile({ ...stored, ref, name: 'a.txt' }, account, Date.now())
  asset = 'test/keep/assets/model.ts'
})
afterAll(() => sandpit.close())

/** Whether what stands at an address is taken from our own store, without being asked for. */
async function isTaken(file: string): Promise<boolean> {
  const response = await sandpit.app.request('/pit/v1/models/test/keep/predictions', {
    method: 'POST',
    headers: {
      Host: 'localhost',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ input: { file } }),
  })
  const { id } = await response.json()
  const prediction = await sandpit.runner.settledWithin(id, 0)
  const kept = prediction ?? (await sandpit.runner.find(id))
  await sandpit.runner.cancel(id)
  return String(kept?.input.file).startsWith('sandpit:')
}

describe('an address of a file', () => {
  it.each([
    'https://ml.example.com/pit/files/REF/a.txt',
    'https://ml.example.com/pit/v1/files/REF',
    'http://sandpit:3000/pit/files/REF/a.txt',
    'http://localhost/pit/files/REF/a.txt',
    'http://gpu-box:3000/pit/files/REF/a.txt',
    'http://127.0.0.1:3000/pit/files/REF/a.txt',
    `https://ml.example.com/pit/s/${share}/files/REF/a.txt`,
  ])('of ours is taken: %s', async (address) => {
    expect(await isTaken(address.replace('REF', ref))).toBe(true)
  })

  it.each([
    'https://evil.example/pit/files/REF/a.txt',
    'https://evil.example/files/REF/a.txt',
    'https://ml.example.com/files/REF/a.txt',
    'https://ml.example.com/pit/else/files/REF/a.txt',
    'https://ml.example.com.evil.example/pit/files/REF/a.txt',
    'https://ml.example.com@evil.example/pit/files/REF/a.txt',
    'http://127.0.0.1:9/pit/files/REF/a.txt',
    'https://evil.example/pit/ASSET',
    'https://evil.example/ASSET',
    'https://ml.example.com/ASSET',
    'http://gpu-box:8080/pit/ASSET',
  ])('of another is not: %s', async (address) => {
    expect(await isTaken(address.replace('REF', ref).replace('ASSET', asset))).toBe(false)
  })
})
