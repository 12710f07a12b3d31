import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'
import { createWaitingProvider, type WaitingModel } from '../../support/waiting-provider.ts'

const models: readonly WaitingModel[] = [
  {
    name: 'lantern',
    copies: 2,
    inputs: {
      prompt: { type: 'string' },
      seed: { type: 'integer', minimum: 0, maximum: 100 },
      steps: { type: 'integer', default: 4 },
      image: { type: 'string', format: 'uri' },
    },
  },
  {
    name: 'plate',
    copies: 2,
    version: 'b',
    inputs: {
      prompt: { type: 'string' },
      seed: { type: 'integer', minimum: 10, maximum: 200 },
      words: { type: 'array', items: { type: 'string' } },
      image: { type: 'string', format: 'uri' },
    },
  },
  {
    name: 'pan',
    copies: 2,
    version: 'c',
    inputs: { text: { type: 'string' }, seed: { type: 'string' } },
  },
]

let sandpit: TestApp
let visitor: ReturnType<typeof createVisitor>
beforeEach(async () => {
  sandpit = await createTestApp({
    providers: () => [createWaitingProvider({ models, runsHere: true })],
  })
  visitor = createVisitor(sandpit)
})
afterEach(() => sandpit.close())

const both = { models: ['test/lantern', 'test/plate'] }

async function opened(query: string): Promise<string> {
  return (await visitor.request(`/compare?${query}`)).text()
}

async function membersAt(location: string | null) {
  const id = idAt(location)
  await eventually(async () => expect(await sandpit.store.membersOf(id, range)).toHaveLength(2))
  const members = await sandpit.store.membersOf(id, range)
  return Promise.all(members.map((member) => sandpit.runner.find(member.id)))
}
/** The id of the group that a comparison leads to. */
function idAt(location: string | null): string {
  return /^\/compare\?group=(\w+)#results$/.exec(location ?? '')?.[1] ?? ''
}
const range = { from: 0, limit: 10 }

describe('comparing models', () => {
  it('asks once for what they share, and for the rest below each', async () => {
    const html = await opened('models=test/lantern,test/plate&input.prompt=Dunes')
    expect(html).toContain('For both')
    expect(html.match(/name="input\.prompt"/g)).toHaveLength(1)
    expect(html).toContain('Dunes</textarea>')
    expect(html).toContain('name="input.test/lantern.steps"')
    expect(html).toContain('name="input.test/plate.words"')
    expect(html).toContain('2 runs')
  })

  it('runs each with its inputs, as a group', async () => {
    const response = await visitor.post('/compare', {
      ...both,
      run: '',
      'input.prompt': 'Dunes',
      'input.seed': '42',
      'input.test/lantern.steps': '8',
    })
    expect(response.status).toBe(303)
    const made = await membersAt(response.headers.get('Location'))
    expect(made.map((one) => [one?.model.name, one?.input])).toEqual([
      ['lantern', { prompt: 'Dunes', seed: 42, steps: 8 }],
      ['plate', { prompt: 'Dunes', seed: 42 }],
    ])
  })

  it('gives both the file that was uploaded once', async () => {
    const image = new File(['GIF89a'], 'dune.gif', { type: 'image/gif' })
    const form = await visitor.post('/compare', { ...both, do: 'add', 'input.image': image })
    const kept = /name="input\.image" value="(sandpit:[^"]+)"/.exec(await form.text())?.[1]
    expect(kept).toBeDefined()
    const run = await visitor.post('/compare', { ...both, run: '', 'input.image': kept ?? '' })
    const made = await membersAt(run.headers.get('Location'))
    expect(made.map((one) => one?.files.map(({ name }) => name))).toEqual([
      ['dune.gif'],
      ['dune.gif'],
    ])
  })

  it('keeps what was typed when a model is added or removed', async () => {
    const typed = { 'input.test/lantern.prompt': 'Dunes', 'input.test/lantern.steps': '8' }
    const added = await visitor.post('/compare', {
      models: 'test/lantern',
      with: 'test/plate',
      do: 'add',
      ...typed,
    })
    const html = await added.text()
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.test\/lantern\.steps"[^>]*value="8"/)
    const removed = await visitor.post('/compare', {
      ...both,
      drop: 'test/plate',
      'input.prompt': 'Dunes',
    })
    expect(await removed.text()).toMatch(/name="input\.test\/lantern\.prompt"[^>]*>Dunes</)
  })

  it('takes the form of a model over', async () => {
    const html = await (
      await visitor.post('/compare', {
        model: 'test/lantern',
        'input.prompt': 'Dunes',
        'input.steps': '8',
      })
    ).text()
    expect(html).toMatch(/name="input\.test\/lantern\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.test\/lantern\.steps"[^>]*value="8"/)
    expect(html).toContain('Add a second model')
  })

  it('takes a result over, with its files', async () => {
    const image = new File(['GIF89a'], 'dune.gif', { type: 'image/gif' })
    const ran = await visitor.run('test/lantern', { prompt: 'Dunes', steps: '8', image })
    const id = idIn(ran)
    await sandpit.runner.settledWithin(id, 60_000)
    const link = `/compare?models=test/lantern&from=${id}`
    for (const page of [`/p/${id}`, `/test/lantern?prediction=${id}`]) {
      const html = await (await visitor.request(page)).text()
      expect(html).toContain(`href="${link.replace('&', '&amp;')}">Compare with…`)
    }
    const html = await (await visitor.request(link)).text()
    expect(html).toMatch(/name="input\.test\/lantern\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.test\/lantern\.image" value="sandpit:[^"]+"/)
    const added = await opened(`models=test/lantern,test/plate&from=${id}`)
    expect(added).toMatch(/name="input\.image" value="sandpit:[^"]+"/)
  })

  it('opens again from its results', async () => {
    const values = { ...both, run: '', 'input.prompt': 'Dunes', 'input.test/lantern.steps': '8' }
    const run = await visitor.post('/compare', values)
    const made = await membersAt(run.headers.get('Location'))
    const from = made.map((one) => `&from=${one?.id}`).join('')
    const html = await opened(`models=test/lantern,test/plate${from}`)
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.test\/lantern\.steps"[^>]*value="8"/)
    const id = idAt(run.headers.get('Location'))
    const group = await (await visitor.request(`/g/${id}`)).text()
    expect(group).toContain(`href="/compare?group=${id}"`)
  })

  it('adds a row of a list with a button', async () => {
    const html = await (await visitor.post('/compare', { ...both, add: 'test/plate.words' })).text()
    expect(html).toContain('aria-label="words 1"')
  })

  it('gives prompt to text when a person says so', async () => {
    const two = { models: ['test/lantern', 'test/pan'] }
    const html = await opened('models=test/lantern,test/pan')
    expect(html).toContain('same as <code>prompt</code>')
    const response = await visitor.post('/compare', {
      ...two,
      run: '',
      'join.test/pan.text': 'prompt',
      'input.prompt': 'Dunes',
    })
    const made = await membersAt(response.headers.get('Location'))
    expect(made.map((one) => one?.input)).toEqual([{ prompt: 'Dunes' }, { text: 'Dunes' }])
  })

  it('gives prompt to text when an operator said so, until a person says otherwise', async () => {
    const pan = { owner: 'test', name: 'pan' }
    const by = { viewer: 'olga', revision: 0 }
    await sandpit.edits.save(pan, { countsAs: { text: 'prompt' } }, by)
    const html = await opened('models=test/lantern,test/pan&input.text=Dunes')
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="join\.test\/pan\.text" value="prompt" checked/)
    const two = { models: ['test/lantern', 'test/pan'], 'input.prompt': 'Dunes' }
    const run = await visitor.post('/compare', { ...two, run: '' })
    const made = await membersAt(run.headers.get('Location'))
    expect(made.map((one) => one?.input)).toEqual([{ prompt: 'Dunes' }, { text: 'Dunes' }])
    const apart = { ...two, 'join.test/pan.text': '', link: 'inputs' }
    const answer = await (await visitor.post('/compare', apart)).text()
    expect(answer).toContain('name="input.test/pan.text"')
    expect(answer).toContain('test/lantern,test/pan&amp;join.test/pan.text=&amp;')
  })

  it('links to the form with its inputs', async () => {
    const html = await (
      await visitor.post('/compare', { ...both, link: 'inputs', 'input.prompt': 'Dunes' })
    ).text()
    expect(html).toContain(
      'value="http://localhost/compare?models=test/lantern,test/plate&amp;input.prompt=Dunes"',
    )
  })
})

describe('the results below the form', () => {
  const typed = { ...both, 'input.prompt': 'Dunes', 'input.test/lantern.steps': '8' }

  async function run(values: Parameters<typeof visitor.post>[1]): Promise<string> {
    const response = await visitor.post('/compare', { ...values, run: '' })
    expect(response.status).toBe(303)
    return idAt(response.headers.get('Location'))
  }

  it('stand on the same page, with the form as it was run', async () => {
    const id = await run(typed)
    const html = await opened(`group=${id}`)
    expect(html).toMatch(/name="input\.prompt"[^>]*>Dunes</)
    expect(html).toMatch(/name="input\.test\/lantern\.steps"[^>]*value="8"/)
    expect(html).toContain(`hx-get="/g/${id}/panel?`)
    expect(html).toContain(`content="3;url=/compare?group=${id}"`)
    expect(html).toContain(`href="/g/${id}"`)
    await eventually(async () => expect(await opened(`group=${id}`)).toContain('2 of 2 done'))
    const done = await opened(`group=${id}`)
    expect(done.match(/<article class="prediction" aria-label="test/g)).toHaveLength(2)
    expect(done).not.toContain('http-equiv="refresh"')
  })

  it('stay when a model is added or an input is wrong', async () => {
    const group = await run(typed)
    const added = await visitor.post('/compare', { ...typed, group, with: 'test/pan', do: 'add' })
    expect(await added.text()).toContain(`id="results"`)
    const wrong = await visitor.post('/compare', { ...typed, group, run: '', 'input.seed': 'x' })
    const html = await wrong.text()
    expect(html).toContain('is not a whole number')
    expect(html).toContain(`id="results"`)
    expect(html).not.toContain('http-equiv="refresh"')
  })

  it('are those of one group after two presses', async () => {
    const [, key = ''] = /name="key" value="(\w+)"/.exec(await opened('models=test/lantern')) ?? []
    const presses = await Promise.all([run({ ...typed, key }), run({ ...typed, key })])
    expect(new Set(presses).size).toBe(1)
  })

  it('keep an uploaded file, and what was joined, in the form', async () => {
    const image = new File(['GIF89a'], 'dune.gif', { type: 'image/gif' })
    const of = { models: ['test/lantern', 'test/plate', 'test/pan'] }
    const joined = { 'join.test/pan.text': 'prompt', 'input.prompt': 'Dunes' }
    const html = await opened(`group=${await run({ ...of, ...joined, 'input.image': image })}`)
    expect(html).toContain('dune.gif')
    expect(html.match(/name="input\.prompt"[^>]*>Dunes</g)).toHaveLength(1)
    expect(html).not.toContain('name="input.test/pan.text"')
  })

  it('are left for their own page and back by their buttons', async () => {
    const id = await run({ ...both, 'input.prompt': 'Dunes' })
    const from = (path: string) =>
      visitor.request(`/g/${id}/cancellation`, {
        method: 'POST',
        headers: { Referer: `http://localhost${path}` },
      })
    expect((await from(`/compare?group=${id}`)).headers.get('Location')).toBe(
      `/compare?group=${id}`,
    )
    expect((await from('/compare')).headers.get('Location')).toBe(`/g/${id}`)
  })

  it('are no others’, and no sweeps', async () => {
    expect((await visitor.request('/compare?group=nonsense')).status).toBe(404)
    const sweep = await visitor.post('/test/lantern/sweep', {
      axis: 'seed',
      'values.seed': '1, 2',
      'input.prompt': 'Dunes',
      run: '',
    })
    const id = sweep.headers.get('Location')?.split('/').at(-1)
    expect((await visitor.request(`/compare?group=${id}`)).status).toBe(404)
  })
})

describe('what cannot be compared', () => {
  it('names inputs of different types', async () => {
    const html = await opened('models=test/lantern,test/pan')
    expect(html).toContain('<code>seed</code> is asked for by itself')
    expect(html).toContain('name="input.test/lantern.seed"')
    expect(html).toContain('name="input.test/pan.seed"')
  })

  it('says which models there are not, and keeps the others', async () => {
    const response = await visitor.request('/compare?models=test/lantern,test/gone,nonsense')
    expect(response.status).toBe(422)
    const html = await response.text()
    expect(html).toContain('There is no model “test/gone” here.')
    expect(html).toContain('There is no model “nonsense” here.')
    expect(html).toContain('name="input.test/lantern.prompt"')
  })

  it('says at its field which model refuses a value, and runs nothing', async () => {
    const response = await visitor.post('/compare', {
      ...both,
      run: '',
      'input.prompt': 'Dunes',
      'input.seed': '5',
      'input.test/lantern.steps': 'many',
    })
    expect(response.status).toBe(422)
    const html = await response.text()
    expect(html).toContain('test/plate: 5 is too low. Use a whole number from 10 to 200.')
    expect(html).toContain('“many” is not a whole number.')
    expect(html).toContain('href="#input-test%2Flantern.steps"')
    expect(html).toContain('Dunes</textarea>')
  })

  it('takes a model that is named twice once', async () => {
    const html = await opened('models=test/lantern,test/lantern,test/plate')
    expect(html.match(/name="models" value="test\/lantern"/g)).toHaveLength(1)
    expect(html).toContain('2 runs')
  })

  it('says that a model went away before Run, and keeps what was typed', async () => {
    const response = await visitor.post('/compare', {
      models: ['test/lantern', 'test/plate', 'test/gone'],
      run: '',
      'input.prompt': 'Dunes',
    })
    expect(response.status).toBe(422)
    const html = await response.text()
    expect(html).toContain('There is no model “test/gone” here.')
    expect(html).toContain('Nothing was run.')
    expect(html).toContain('Dunes</textarea>')
  })

  it('asks for a second model', async () => {
    const response = await visitor.post('/compare', { models: 'test/lantern', run: '' })
    expect(response.status).toBe(422)
    expect(await response.text()).toContain('Add another model to compare')
  })
})
