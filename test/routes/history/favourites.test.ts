import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

let sandpit: TestApp
let id: string
beforeAll(async () => {
  sandpit = await createTestApp()
  const made = await createVisitor(sandpit).run('sandpit/hello-world', { text: 'Ada' })
  id = made.headers.get('Location')?.match(/[a-z2-7]{26}/)?.[0] ?? ''
})
afterAll(() => sandpit.close())

it('goes back to the page before, which may not be one of another site', async () => {
  const visitor = createVisitor(sandpit)
  const star = async (Referer: string) => {
    const answer = await visitor.request(sandpit.paths.favourite(id), {
      method: 'POST',
      headers: { Referer },
    })
    return [answer.status, answer.headers.get('Location')]
  }
  expect(await star('http://localhost/predictions?who=me')).toEqual([303, '/predictions?who=me'])
  for (const other of ['', 'http://elsewhere.example/p', 'http://localhost//elsewhere.example'])
    expect(await star(other)).toEqual([303, `/p/${id}`])
})

it('answers htmx with the pressed button, and with the other one when it is pressed again', async () => {
  const visitor = createVisitor(sandpit)
  const press = async (favourite: string) => {
    const answer = await visitor.request(sandpit.paths.favourite(id), {
      method: 'POST',
      headers: { 'HX-Request-Type': 'partial' },
      body: new URLSearchParams({ favourite }),
    })
    return answer.text()
  }
  expect(await press('yes')).toMatch(/value="no".*aria-pressed="true"/)
  expect(await press('no')).toMatch(/value="yes".*aria-pressed="false"/)
})

it('is not found for a prediction that is gone', async () => {
  const visitor = createVisitor(sandpit)
  expect((await visitor.post(sandpit.paths.favourite('a'.repeat(26)), {})).status).toBe(404)
})
