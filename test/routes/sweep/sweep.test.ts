import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor, type FormValues } from '../../support/visitor.ts'
import { createWaitingProvider } from '../../support/waiting-provider.ts'

const inputs = {
  prompt: { type: 'string' },
  seed: { type: 'integer', minimum: 0 },
  steps: { type: 'integer', minimum: 1, maximum: 50, default: 4 },
  medium: { type: 'string', enum: ['ink', 'oil', 'chalk'], default: 'ink' },
  image: { type: 'string', format: 'uri' },
}

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeEach(async () => {
  const models = [{ name: 'lantern', copies: 4, inputs }]
  sandpit = await createTestApp({
    environment: { SANDPIT_MOST_CELLS: '20' },
    providers: () => [createWaitingProvider({ models, runsHere: true })],
  })
  visitor = createVisitor(sandpit)
})
afterEach(() => sandpit.close())

const page = '/test/lantern/sweep'
const send = (values: FormValues) => visitor.post(page, values)

async function inputsAt(location: string | null, count: number) {
  const id = location?.split('/').at(-1) ?? ''
  const members = () => sandpit.store.membersOf(id, { from: 0, limit: 100 })
  await eventually(async () => expect(await members()).toHaveLength(count))
  const found = await Promise.all((await members()).map((one) => sandpit.runner.find(one.id)))
  return found.map((one) => one?.input)
}

describe('a sweep', () => {
  it('gives an input several values at the press of a button, and keeps the rest', async () => {
    const html = await (
      await send({ vary: 'medium', 'input.prompt': 'Dunes', 'input.steps': '8', run: '' })
    ).text()
    expect(html).toContain('name="axis" value="medium"')
    expect(html.match(/type="checkbox" name="values\.medium"[^>]*checked/g)).toHaveLength(3)
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.steps"[^>]*value="8"/)
    expect(html).toContain('3 runs')
    const steps = await (await send({ vary: 'steps', 'input.steps': '8' })).text()
    expect(steps).toMatch(/name="values\.steps"[^>]*>8</)
  })

  it('says how many runs it makes before it makes them', async () => {
    const values = {
      run: '',
      axis: ['steps', 'medium'],
      'values.steps': '10:30:10',
      'values.medium': ['ink', 'oil'],
      'input.prompt': 'Dunes',
    }
    const asked = await send(values)
    expect(asked.status).toBe(200)
    const html = await asked.text()
    expect(html).toContain('This makes 6 runs. Press Run to start them.')
    expect(html).toContain('name="runs" value="6"')
    const run = await send({ ...values, runs: '6' })
    expect(run.status).toBe(303)
    expect(await inputsAt(run.headers.get('Location'), 6)).toEqual(
      [10, 20, 30].flatMap((steps) =>
        ['ink', 'oil'].map((medium) => ({ prompt: 'Dunes', steps, medium })),
      ),
    )
    const id = run.headers.get('Location')?.split('/').at(-1) ?? ''
    expect(await sandpit.store.findGroup(id)).toMatchObject({
      kind: 'sweep',
      title: 'steps × medium',
      axes: [
        { input: 'steps', values: [10, 20, 30] },
        { input: 'medium', values: ['ink', 'oil'] },
      ],
    })
  })

  it('runs with seeds of its own choice', async () => {
    const run = await send({ run: '', axis: 'seed', 'values.seed': '3 seeds', runs: '3' })
    const made = await inputsAt(run.headers.get('Location'), 3)
    expect(new Set(made.map((input) => input?.seed)).size).toBe(3)
  })

  it('opens with the inputs of a link, and counts while values are typed', async () => {
    const query = 'axis=steps&values.steps=1:4&input.prompt=Dunes'
    const html = await (await visitor.request(`${page}?${query}`)).text()
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="values\.steps"[^>]*>1:4</)
    const count = await (await visitor.request(`${page}/count?${query}`)).text()
    expect(count).toContain('4 runs')
  })

  it('keeps a file that was uploaded', async () => {
    const image = new File(['GIF89a'], 'dune.gif', { type: 'image/gif' })
    const html = await (await send({ vary: 'steps', 'input.image': image })).text()
    expect(html).toMatch(/name="input\.image" value="sandpit:[^"]+"/)
  })
})

describe('a sweep that is not valid', () => {
  it.each([
    ['1:21', 'has 21 values. Use at most 20.'],
    ['60', '60 is too high. Use a whole number from 1 to 50.'],
    ['many', '“many” is not a whole number.'],
    ['', 'Enter numbers, such as 1, 2, 5 or 1:5.'],
  ])('says so at its field: %j', async (typed, sentence) => {
    const response = await send({
      run: '',
      axis: 'steps',
      'values.steps': typed,
      'input.prompt': 'Dunes',
    })
    expect(response.status).toBe(422)
    const html = await response.text()
    expect(html).toContain(sentence)
    expect(html).toContain('href="#input-steps"')
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
  })

  it('has no more cells than are allowed', async () => {
    const response = await send({
      run: '',
      axis: ['steps', 'seed'],
      'values.steps': '1:7',
      'values.seed': '1:3',
    })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(
      'This makes 21 runs. Use fewer values: at most 20 runs.',
    )
  })

  it('asks for an input that varies', async () => {
    const response = await send({ run: '', 'input.prompt': 'Dunes' })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('Press Vary at the input')
  })

  it('is of a model that is there', async () => {
    expect((await visitor.request('/test/gone/sweep')).status).toBe(404)
  })
})
