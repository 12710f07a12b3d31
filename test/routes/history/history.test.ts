import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { idOf, minute, predictionOf, start, versionOf } from '../../support/domain.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const day = 24 * 60 * minute
const now = start + 40 * day
let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [], now: () => now })
  await keep(1, { input: { prompt: 'A paper lantern' }, output: 'A dark sky' })
  await keep(2, { createdAt: now, status: 'failed', error: 'Out of memory.' })
  await keep(3, { createdAt: now - 3 * day, parent: idOf(2), input: { prompt: 'a lantern' } })
  await keep(4, { createdAt: now - 3 * day, model: { owner: 'team', name: 'other' } })
})
afterAll(() => sandpit.close())

async function keep(number: number, changes: Partial<Prediction>): Promise<void> {
  const { model } = predictionOf(changes)
  const settled = { status: 'succeeded', completedAt: start + 5_000, ...changes } as const
  const prediction = predictionOf({ id: idOf(number), ...settled })
  await sandpit.store.accept(prediction, versionOf({ model }), null)
}

async function open(query: string, visitor = createVisitor(sandpit)): Promise<string> {
  const response = await visitor.request(`/predictions${query}`)
  expect(response.status).toBe(200)
  return response.text()
}

/** The numbers of the predictions that can be selected, in order. */
async function listed(query: string, visitor = createVisitor(sandpit)): Promise<number[]> {
  const ids = (await open(query, visitor)).matchAll(/name="id" value="([a-z2-7]{26})"/g)
  const numbers = new Map([1, 2, 3, 4, 5].map((number) => [idOf(number), number]))
  return [...ids].map(([, id]) => numbers.get(id ?? '') ?? 0)
}

describe('the list of predictions', () => {
  it.each([
    ['', [2, 4, 1]],
    ['?q=LANTERN', [3, 1]],
    ['?q=dark+lantern', [1]],
    ['?q=nothing+of+that', []],
    ['?q=%22', []],
    ['?model=sandpit/hello-world', [2, 3, 1]],
    ['?status=failed', [2]],
    ['?when=today', [2]],
    ['?when=7d', [2, 4]],
    ['?when=30d&status=succeeded', [4]],
    ['?from=2026-01-01&to=2026-01-02', [1]],
    ['?from=2026-01-02', [2, 4]],
    ['?from=2026-02-31&when=never&status=odd&with=cats', [2, 4, 1]],
    ['?who=me', []],
    ['?with=favourites', []],
    ['?with=file', []],
  ])('for %j has %j', async (query, expected) => {
    expect(await listed(query)).toEqual(expected)
    expect(await listed(`${query}${query === '' ? '?' : '&'}view=grid`)).toEqual(expected)
  })

  it('has sub-runs below the prediction that started them, and with a link to it elsewhere', async () => {
    expect(await open('')).toMatch(/1 sub-run<\/summary>.*a lantern/s)
    expect(await open('?q=lantern')).toContain(`Sub-run of <a href="/p/${idOf(2)}"`)
  })

  it('keeps the filter in its form, and in the links to the grid and to the exports', async () => {
    const page = await open('?q=a+lantern&status=succeeded')
    expect(page).toContain('name="q" value="a lantern"')
    expect(page).toContain('<option value="succeeded" selected')
    expect(page).toContain('href="/predictions?q=a+lantern&amp;status=succeeded&amp;view=grid"')
    expect(page).toContain('action="/predictions/export.csv?q=a+lantern&amp;status=succeeded"')
  })

  it('opens a prediction whose id or address is searched for', async () => {
    const visitor = createVisitor(sandpit)
    for (const search of [idOf(1), `http://localhost/p/${idOf(1)}`]) {
      const response = await visitor.request(`/predictions?${new URLSearchParams({ q: search })}`)
      expect([response.status, response.headers.get('Location')]).toEqual([303, `/p/${idOf(1)}`])
    }
    expect(await listed(`?q=${'a'.repeat(26)}`, visitor)).toEqual([])
  })

  it('says what to do when there is nothing', async () => {
    expect(await open('?with=favourites')).toContain('Press ☆ beside a prediction')
    expect(await open('?q=nothing')).toContain('A search finds whole words')
    expect(await open('?status=canceled')).toContain('Show all predictions')
  })

  it('goes back from older predictions to the newest', async () => {
    expect(await open('')).not.toContain('Newest')
    const older = await open(`?status=succeeded&before=${start + minute}-a`)
    expect(older).toContain('href="/predictions?status=succeeded">Newest</a>')
  })

  it('has the favourites of its viewer alone', async () => {
    const visitor = createVisitor(sandpit)
    await visitor.post(sandpit.paths.favourite(idOf(3)), {})
    await visitor.post('/predictions/favourites', { id: [idOf(1), idOf(4), 'odd'] })
    expect(await listed('?with=favourites', visitor)).toEqual([4, 3, 1])
    expect(await listed('?with=favourites')).toEqual([])
    await visitor.post(sandpit.paths.favourite(idOf(4)), { favourite: 'no' })
    expect(await listed('?with=favourites', visitor)).toEqual([3, 1])
  })
})
