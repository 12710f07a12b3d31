import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseModelRef, reservedOwners } from '../../../src/domain/model-ref.ts'
import { ofPrediction } from '../../support/shares.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'

/** OpenAI’s API is at `/openai/v1`, and OpenAI has models at Replicate. */
const shared = new Set(['openai'])

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [] })
})
afterAll(() => sandpit.close())

it('keeps the first part of each of our own addresses from being an owner', () => {
  const first = sandpit.app.routes.map(({ path }) => path.split('/')[1] ?? '')
  const fixed = first.filter((part) => /^[a-z]/.test(part))
  expect(fixed.length).toBeGreaterThan(10)
  for (const part of new Set(fixed))
    if (!shared.has(part)) expect(reservedOwners, part).toContain(part)
})

it('takes from the owner of models elsewhere the one name that it needs', () => {
  expect(parseModelRef('openai/v1')).toBeNull()
  expect(parseModelRef('openai/gpt-5')).toEqual({ owner: 'openai', name: 'gpt-5' })
})

it('reaches a route by every path that is linked to', () => {
  const { app, paths } = sandpit
  const id = 'a'.repeat(26)
  const model = { owner: 'some', name: 'model' }
  const linked = [
    paths.home(),
    paths.model(model),
    paths.modelExamples(model),
    paths.modelReadme(model),
    paths.modelFile(model, 'cover.svg'),
    paths.modelApi(model),
    paths.modelVersions(model),
    paths.modelVersion(model, 'f'.repeat(64)),
    paths.collection('some'),
    paths.apiReference(),
    paths.predictions(),
    paths.prediction(id),
    paths.panel(id),
    paths.logs(id),
    paths.cancellation(id),
    paths.deletion(id),
    paths.example(id),
    paths.shares(ofPrediction(id)),
    paths.shareRevocation(ofPrediction(id), id),
    paths.sharesRevocation(ofPrediction(id)),
    paths.accountShares(),
    paths.accountDeletion(),
    paths.accountExport(),
    paths.matchingDeletion(),
    paths.storage(),
    paths.shareSettings(),
    paths.shareForm(id),
    paths.share(id),
    paths.shareThumbnail(id),
    paths.file({ ref: id, name: 'x.txt' }),
    paths.asset('app.css'),
    paths.theme(),
  ]
  const patterns = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ path }) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`))
  for (const path of linked)
    expect(
      patterns.some((pattern) => pattern.test(path)),
      path,
    ).toBe(true)
})
