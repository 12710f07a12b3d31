import { expect, it } from 'vitest'
import { createTestApp } from '../support/test-app.ts'
import { askUnusual } from '../support/unusual-addresses.ts'

it('answers addresses of unusual characters without an error of the server', async () => {
  const app = await createTestApp()
  expect(await askUnusual(app)).toEqual([])
  await app.close()
})
