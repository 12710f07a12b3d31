import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileUri } from '../../../src/domain/file/file.ts'
import type { RunGroup } from '../../../src/domain/group/group.ts'
import type { Prediction } from '../../../src/domain/prediction/prediction.ts'
import { fileOf, idOf, predictionOf, start, versionOf } from '../../support/domain.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

let sandpit: TestApp
beforeAll(async () => {
  const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }
  sandpit = await createTestApp({ models: [], environment, now: () => start })
})
afterAll(() => sandpit.close())

const settled = { status: 'succeeded', startedAt: start, completedAt: start + 5_000 } as const

async function keep(number: number, changes: Partial<Prediction> = {}): Promise<Prediction> {
  const prediction = predictionOf({ id: idOf(number), ...settled, ...changes })
  return sandpit.store.accept(prediction, versionOf({ model: prediction.model }), null)
}

const as = (person: string) => ({ 'X-User': person })

async function read(path: string, person = 'ben'): Promise<string> {
  return (await createVisitor(sandpit).request(path, { headers: as(person) })).text()
}

function post(path: string, fields: Record<string, string>, person = 'ben') {
  const body = new URLSearchParams(fields)
  return createVisitor(sandpit).request(path, { method: 'POST', body, headers: as(person) })
}

const madeText = (place: number): Partial<Prediction> => ({ output: `Made by number ${place}` })

/** A group of three models, each with a run. */
async function comparison(number: number, made = madeText): Promise<RunGroup> {
  const models = ['lantern', 'mend', 'hum'].map((name) => ({ owner: 'kestrel', name }))
  const group: RunGroup = {
    ...{ id: idOf(number), kind: 'compare', title: 'Three models', axes: [], models },
    ...{ size: 3, stopped: null, source: 'web', createdBy: 'ada', account: 'ada' },
    ...{ visibility: 'public', createdAt: start },
  }
  await sandpit.store.addGroup(group, null)
  await sandpit.store.openGroup(group.id)
  for (const [place, model] of models.entries())
    await keep(number + 1 + place, {
      model,
      ...made(place),
      group: { id: group.id, place, isListed: place === 0 },
    })
  return group
}

it('keeps a verdict and a note, shows them, and takes the verdict back', async () => {
  await keep(1)
  const page = sandpit.paths.prediction(idOf(1))
  const judge = (fields: Record<string, string>) => post(sandpit.paths.judgement(idOf(1)), fields)
  expect(await read(page)).toContain('Is it good?')
  expect((await judge({ verdict: 'good', note: ' <b>Sharp</b> ' })).status).toBe(303)
  const shown = await read(page)
  expect(shown).toMatch(/value=""[^>]*aria-pressed="true"[^>]*>Good/)
  expect(shown).toContain('&lt;b&gt;Sharp&lt;/b&gt;')
  await judge({ verdict: '', note: '' })
  expect(await read(page)).toMatch(/value="good"[^>]*aria-pressed="false"[^>]*>Good/)
  expect(await sandpit.store.judgementsOf(idOf(1))).toEqual([])
})

it('shows what others think, and to each their own', async () => {
  await keep(2)
  await sandpit.store.judge({
    ...{ prediction: idOf(2), judge: idOf(900), verdict: 'bad', note: 'Too dark.', at: start },
  })
  expect(await read(sandpit.paths.prediction(idOf(2)))).toContain('Too dark.')
})

it('judges nothing that is not settled, or that the viewer may not see', async () => {
  await keep(3, { status: 'processing', completedAt: null })
  await keep(4, { visibility: 'private', createdBy: 'bob' })
  for (const number of [3, 4, 999]) {
    const answer = await post(sandpit.paths.judgement(idOf(number)), { verdict: 'good' })
    expect(answer.status).toBe(404)
  }
})

it('asks for the better of two without their models, and shows them after the last pair', async () => {
  const group = await comparison(100)
  const path = sandpit.paths.groupJudgement(group.id)
  expect(await read(sandpit.paths.group(group.id))).toContain(path)
  const lantern = idOf(101)
  for (let judged = 0; judged < 3; judged++) {
    const page = await read(path)
    expect(page).toContain(`${judged} of 3 pairs`)
    expect(page).not.toContain('kestrel')
    const [, left = ''] = /name="left" value="(\w+)"/.exec(page) ?? []
    const [, right = ''] = /name="right" value="(\w+)"/.exec(page) ?? []
    const better = left === lantern ? 'left' : right === lantern ? 'right' : 'same'
    expect((await post(path, { left, right, better })).status).toBe(303)
  }
  const result = await read(path)
  expect(result).toContain('3 of 3 pairs')
  expect(result).toMatch(/kestrel\/lantern.*2 of 2 won, 100 %.*34 to 100.*best/s)
  expect(result).toMatch(/kestrel\/mend.*0 of 1 won/s)
})

it('names no file of a pair by its name, which often tells the model', async () => {
  const group = await comparison(400, (place) => {
    const file = fileOf(place, { name: `hum-of-model-${place}.wav`, type: 'audio/x-wav' })
    return { output: { sound: fileUri(file), copy: [[[{ raw: fileUri(file) }]]] }, files: [file] }
  })
  const page = await read(sandpit.paths.groupJudgement(group.id))
  expect(page).toContain(`/files/${fileOf(0).ref}/file-1.wav`)
  expect(page).not.toContain('hum-of-model')
})

it('takes no choice between others than two runs of the group', async () => {
  const group = await comparison(200)
  await keep(250)
  const choose = (left: string, right: string, better = 'left') =>
    post(sandpit.paths.groupJudgement(group.id), { left, right, better })
  await choose(idOf(201), idOf(250))
  await choose(idOf(201), idOf(201))
  await choose(idOf(201), idOf(202), 'both')
  expect(await sandpit.store.choicesIn(group.id)).toEqual([])
})

it('has the win rate of each model for operators, and exports everything', async () => {
  const page = await read(sandpit.paths.judgements(), 'olga')
  expect(page).toMatch(/kestrel\/lantern.*2 of 2.*100 %/s)
  await keep(300)
  const note = '=1+1, "so"'
  await sandpit.store.judge({
    ...{ prediction: idOf(300), judge: 'ada', verdict: 'good', note, at: start },
  })
  const csv = await (await post(sandpit.paths.judgementsCsv(), {}, 'olga')).text()
  expect(csv).toContain(`verdict,2026-01-01T00:00:00.000Z,ada,${idOf(300)},sandpit/hello-world`)
  expect(csv).not.toMatch(/,"?=1/)
  const lines = (await (await post(sandpit.paths.judgementsJsonl(), {}, 'olga')).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toContainEqual(expect.objectContaining({ kind: 'verdict', note }))
  expect(lines.filter(({ kind }) => kind === 'choice')).toHaveLength(3)
})

it.each([
  ['off', 404],
  ['own', 404],
  ['everyone', 303],
])('with SANDPIT_JUDGES=%s answers somebody else with %i', async (setting, status) => {
  const set = { SANDPIT_JUDGES: setting, SANDPIT_LOCAL_OPERATOR: 'false' }
  const other = await createTestApp({ models: [], environment: set, now: () => start })
  try {
    const prediction = predictionOf({ id: idOf(1), ...settled })
    await other.store.accept(prediction, versionOf(), null)
    const person = createVisitor(other)
    const answer = await person.post(other.paths.judgement(idOf(1)), { verdict: 'good' })
    expect(answer.status).toBe(status)
    const text = await (await person.request(other.paths.prediction(idOf(1)))).text()
    expect(text.includes('Is it good?')).toBe(status === 303)
  } finally {
    await other.close()
  }
})

it('has the win rate on the page of a model, for operators alone and as it is now', async () => {
  const environment = { SANDPIT_AUTH: 'header:X-User', SANDPIT_OPERATORS: 'olga' }
  const own = await createTestApp({ environment, now: () => start })
  try {
    const model = { owner: 'sandpit', name: 'hello-world' }
    const settings = own.paths.judgementsOf(model)
    const get = async (path: string, person: string) =>
      (await createVisitor(own).request(path, { headers: as(person) })).text()
    const prediction = predictionOf({ id: idOf(1), ...settled, input: { text: 'Ada' } })
    await own.store.accept(prediction, versionOf(), null)
    const pages = [own.paths.model(model), own.paths.workspace(model, prediction.id)]
    const other = { owner: 'kestrel', name: 'mend' }
    const choice = { group: 'g', judge: 'ada', at: start } as const
    for (const page of pages) expect(await get(page, 'olga')).not.toContain(settings)
    await own.store.judge({
      ...{ prediction: prediction.id, judge: 'ada', verdict: 'good', note: '', at: start },
    })
    for (const page of pages) {
      expect(await get(page, 'olga')).toContain(`<a href="${settings}">1 good, 0 bad</a>`)
      expect(await get(page, 'ben')).not.toContain(settings)
    }
    const [first, second] = [
      { id: '1', model },
      { id: '2', model: other },
    ]
    await own.store.choose({ ...choice, first, second, better: 'first' })
    for (const page of pages) {
      expect(await get(page, 'ben')).not.toContain(settings)
      expect(await get(page, 'olga')).toMatch(/won 100 % <small[^>]*>21 to 100</)
    }
    const alone = await get(settings, 'olga')
    expect(alone).toContain('sandpit/hello-world')
    expect(alone).not.toContain('kestrel/mend')
    expect(await get(own.paths.judgements(), 'olga')).toContain('kestrel/mend')
  } finally {
    await own.close()
  }
})
