import { afterAll, beforeAll, expect, it } from 'vitest'
import { collectEntries } from '../../../src/runner/collection.ts'
import { entryOf, personOf } from '../../support/people.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }
const dayMs = 24 * 60 * 60_000
const now = Date.UTC(2026, 2, 14, 12)

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ environment, providers: () => [], now: () => now })
  const { store } = sandpit
  await store.addPerson(personOf('ada', { id: 'ada', issuer: 'header', subject: 'ada' }))
  const entries = [
    { action: 'model changed', subject: 'team/echo', actor: 'olga', actorName: 'olga' },
    { action: 'share made', subject: 'p/abc', detail: 'anyone', actor: 'ada', actorName: 'ada' },
    { action: 'prediction deleted', subject: 'p/def', subjectOwner: 'ada', actorName: 'olga' },
    { action: 'sign-in refused', subject: '=cmd()', actorName: '=cmd()', outcome: 'refused' },
  ] as const
  for (const [index, entry] of entries.entries())
    await store.addEntry({ ...entryOf(index), at: now - index * 60_000, ...entry })
  await store.addEntry({ ...entryOf(9), at: now - 30 * dayMs, subject: 'old/model' })
})
afterAll(() => sandpit.close())

async function open(query = '', name = 'olga', path = '/settings/audit') {
  const { request } = createVisitor(sandpit)
  const method = path.endsWith('.csv') ? 'POST' : 'GET'
  const answer = await request(`${path}${query}`, { method, headers: { 'X-User': name } })
  return { status: answer.status, answer, text: await answer.text() }
}

function subjectsIn(html: string): string[] {
  const rows = html.slice(html.indexOf('<tbody>')).split('<tr>').slice(1)
  return rows.map((row) => (row.split('<td>')[4] ?? '').replace(/<[^>]*>/g, ''))
}

it('is for operators alone', async () => {
  expect((await open('', 'ada')).status).toBe(403)
  expect((await open('', 'ada', '/settings/audit.csv')).status).toBe(403)
})

it('says who did what to what, newest first', async () => {
  const { text } = await open()
  expect(subjectsIn(text)).toEqual(['team/echo', 'p/abc…', 'p/def… of ada', '=cmd()'])
  expect(text).toContain('made a share link')
  expect(text).toContain('data-status="failed"')
  expect(text).toContain('Kept for 180 days')
})

it.each([
  ['?when=all', ['team/echo', 'p/abc…', 'p/def… of ada', '=cmd()', 'old/model']],
  ['?who=ada', ['p/abc…']],
  ['?action=Models', ['team/echo']],
  ['?q=anyone', ['p/abc…']],
  ['?q=TEAM', ['team/echo']],
  ['?q=%25', []],
  ['?action=nothing&when=never', ['team/echo', 'p/abc…', 'p/def… of ada', '=cmd()']],
])('is narrowed by %s', async (query, subjects) => {
  const { status, text } = await open(query)
  expect(status).toBe(200)
  expect(subjectsIn(text)).toEqual(subjects)
})

it('is read in pages', async () => {
  const many = await createTestApp({ environment, providers: () => [], now: () => now })
  for (let index = 0; index < 101; index++)
    await many.store.addEntry({ ...entryOf(index), at: now - index, subject: `s${index}` })
  const { request } = createVisitor(many)
  const get = async (path: string) =>
    (await request(path, { headers: { 'X-User': 'olga' } })).text()
  const first = await get('/settings/audit')
  expect(subjectsIn(first)).toHaveLength(100)
  const href = /rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  expect(subjectsIn(await get(href))).toEqual(['s100'])
  await many.close()
})

it('is downloaded as CSV that runs nothing in a spreadsheet, which is kept, too', async () => {
  const { answer, text } = await open('?when=all', 'olga', '/settings/audit.csv')
  expect(answer.headers.get('Content-Disposition')).toContain('audit.csv')
  const lines = text.trim().split('\r\n')
  expect(lines[0]).toBe('at,actor,account,via,address,token,action,subject,owner,outcome,detail')
  expect(lines).toHaveLength(7)
  expect(text).toContain("'=cmd()")
  expect(text).toContain('the audit log')
})

it('forgets what has been kept long enough', async () => {
  expect(await collectEntries(sandpit.store, now - 20 * dayMs)).toBe(1)
  expect(subjectsIn((await open('?when=all')).text)).not.toContain('old/model')
})
