import { afterEach, beforeEach, expect, it } from 'vitest'
import { echo, writeModels } from '../../support/models.ts'
import { namedPerson } from '../../support/named-person.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

const environment = {
  SANDPIT_AUTH: 'header:X-User',
  SANDPIT_OPERATORS: 'olga',
  SANDPIT_QUOTA: 'member=day:50,time:1h',
  SANDPIT_GROUPS: '*=everyone',
}

let sandpit: TestApp
beforeEach(async () => {
  sandpit = await createTestApp({ models: [writeModels({ echo })], environment })
  await person('ada').get('/account')
})
afterEach(() => sandpit.close())

const person = (name: string) => namedPerson(sandpit, name)
const path = '/settings/people/ada'
const ada = () => sandpit.store.findPerson('ada')

/** Changes texts of the page of Ada, as a browser sends it. */
async function save(typed: Record<string, string>) {
  const { text } = await person('olga').get(path)
  const shown = [...text.matchAll(/<input type="hidden" name="was-([^"]*)" value="([^"]*)"/g)]
  const fields = shown.flatMap(([, name = '', value = '']) => [
    [`was-${name}`, value],
    [name, typed[name.slice(0, -'-ada'.length)] ?? value],
  ])
  const answer = await person('olga').post(path, Object.fromEntries(fields))
  return { status: answer.status, text: await answer.text() }
}

async function details(): Promise<readonly string[]> {
  const { entries } = await sandpit.store.entries({ actions: ['person changed'] }, 9, null)
  return entries.map(({ detail }) => detail).reverse()
}

it('is for operators alone, and of people who are here', async () => {
  expect((await person('ada').get(path)).status).toBe(403)
  expect((await person('ada').post(path, { press: 'disable olga' })).status).toBe(403)
  expect((await person('olga').get('/settings/people/nobody')).status).toBe(404)
  expect((await person('olga').post('/settings/people/nobody')).status).toBe(404)
})

it('sets every limit, says which apply, and what each was before', async () => {
  const opened = (await person('olga').get(path)).text
  expect(opened).toContain('Empty: 50, as for every member. 0 today so far.')
  expect(opened).toContain('Empty: no limit, as for every member.')
  const limits = { running: '2', waiting: '5', minute: '10', day: '200', time: '90m' }
  expect((await save(limits)).status).toBe(303)
  const quota = { running: 2, waiting: 5, perMinute: 10, perDay: 200, secondsPerDay: 5400 }
  expect(await ada()).toMatchObject({ quota })
  expect((await person('ada').get('/account')).text).toContain('0 of 200')
  await save({ waiting: 'off', minute: '', time: '2h' })
  const { perMinute: _, ...rest } = quota
  expect((await ada())?.quota).toEqual({ ...rest, waiting: null, secondsPerDay: 7200 })
  expect(await details()).toEqual([
    'running at once: by role → 2; waiting: by role → 5; runs a minute: by role → 10; runs a day: by role → 200; time of models a day: by role → 90m',
    'waiting: 5 → off; runs a minute: 10 → by role; time of models a day: 90m → 2h',
  ])
})

it('keeps what was typed beside a sentence for each that is wrong, and saves nothing', async () => {
  const { status, text } = await save({ running: '0', time: 'soon', day: '70' })
  expect(status).toBe(422)
  expect(text).toContain('2 fields need attention')
  expect(text).toContain('Must be a whole number from 1, or off.')
  expect(text).toContain('Must be a time such as 2h or 90m, or off.')
  for (const typed of ['0', 'soon', '70']) expect(text).toContain(`value="${typed}"`)
  expect(await ada()).toMatchObject({ quota: null })
  expect(await details()).toEqual([])
})

it('gives an owner name by hand, which lets them see and edit its private models', async () => {
  const edit = (await person('olga').get('/team/echo/edit')).text
  const seen = /name="seen" value="([^"]*)"/.exec(edit)?.[1] ?? ''
  await person('olga').post('/team/echo/edit', { seen, visibility: 'private' })
  expect((await person('ada').get('/team/echo')).status).toBe(404)
  expect((await save({ namespaces: 'team, lab' })).status).toBe(303)
  expect((await person('ada').get('/team/echo')).status).toBe(200)
  expect((await person('ada').get('/team/echo/edit')).status).toBe(200)
  expect((await person('ada').get('/account')).text).toContain('<b>lab</b>')
  const list = (await person('olga').get('/settings/people')).text
  expect(list).toContain('<td>everyone, team, lab</td>')
  expect(list).toMatch(/<td>by hand<\/td><td>team<\/td>.*?<span class="n">1<\/span>/)
  expect(list).toMatch(/<code>\*<\/code><\/td><td>everyone<\/td>.*?<span class="n">2<\/span>/)
  await save({ namespaces: 'lab' })
  expect((await person('ada').get('/team/echo')).status).toBe(404)
  const given = { press: 'give access', grantee: 'lab', may: 'see' }
  expect((await person('olga').post('/team/echo/edit', given)).status).toBe(200)
  expect((await person('ada').get('/team/echo')).status).toBe(200)
  expect(await details()).toEqual([
    'acts by hand for: nobody else → team, lab',
    'acts by hand for: team, lab → lab',
  ])
})

it('gives no names that cannot be, or that are those of people', async () => {
  for (const [typed, sentence] of [
    ['settings', '“settings” cannot be an owner name'],
    ['a b <c', '“&lt;c” cannot be an owner name'],
    ['olga', 'olga is a person here, and nobody else can act for them.'],
  ] as const) {
    const { status, text } = await save({ namespaces: typed })
    expect(status).toBe(422)
    expect(text).toContain(sentence)
  }
  expect(await ada()).toMatchObject({ givenNamespaces: [] })
})

it('leaves a name that was given to nobody else as their handle', async () => {
  await save({ namespaces: 'lab' })
  await person('lab').get('/account')
  expect((await sandpit.store.findPerson('lab'))?.handle).toBe('lab-2')
})

it('shuts them out and lets them in again', async () => {
  await person('olga').post(path, { press: 'disable ada' })
  expect((await person('ada').get('/account')).status).toBe(403)
  expect((await person('olga').get(path)).text).toContain('>disabled</span>')
  await person('olga').post(path, { press: 'enable ada' })
  expect((await person('ada').get('/account')).status).toBe(200)
})
