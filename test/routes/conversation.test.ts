import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeChatModel } from '../support/chat-model.ts'
import { idIn } from '../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor, type FormValues } from '../support/visitor.ts'

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [writeChatModel()] })
})
afterAll(() => sandpit.close())

type Visitor = ReturnType<typeof createVisitor>

async function settled(response: Response) {
  expect(response.status).toBe(303)
  const prediction = await sandpit.runner.settledWithin(idIn(response), 60_000)
  if (!prediction) throw new Error('It has not settled')
  return prediction
}

const pageOf = async (visitor: Visitor, id: string) =>
  (await visitor.request(`/test/chat?prediction=${id}`)).text()

/** Fills in the form below an answer and presses Continue. */
async function goOn(visitor: Visitor, id: string, values: FormValues) {
  const page = await pageOf(visitor, id)
  const [form = ''] = /<form class="fields" id="next-turn".*?<\/form>/s.exec(page) ?? []
  const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return visitor.post('/predictions', {
    ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])),
    ...values,
  })
}

it('goes on from an answer, with the settings of its run', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(
    await visitor.run('test/chat', { prompt: 'One', system_prompt: 'Be brief.' }),
  )
  const second = await settled(await goOn(visitor, first.id, { 'input.prompt': 'Two' }))
  expect(second.input).toEqual({
    prompt: 'Two',
    system_prompt: 'Be brief.',
    messages: [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: '**One** after 0 messages. Be brief.' },
    ],
  })
  const third = await settled(await goOn(visitor, second.id, { 'input.prompt': 'Three' }))
  expect(third.output).toEqual(['**Three** after ', '4 messages. Be brief.'])
})

it('shows the conversation above the answer, and each turn has a page of its own', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'A <b> question' }))
  expect(await pageOf(visitor, first.id)).not.toContain('<h2>Conversation</h2>')
  const second = await settled(await goOn(visitor, first.id, { 'input.prompt': 'Another' }))
  const page = await pageOf(visitor, second.id)
  expect(page).toContain('2 messages before this answer')
  expect(page).toMatch(/You<\/h3>.*?A &lt;b&gt; question.*?after 0 messages.*?You<\/h3>.*?Another/s)
  expect(page.indexOf('<h2>Conversation</h2>')).toBeLessThan(page.indexOf('id="prediction-form"'))
  expect((await visitor.request(`/p/${second.id}`)).status).toBe(200)
})

it('keeps a picture in the conversation, and asks for another', async () => {
  const visitor = createVisitor(sandpit)
  const picture = new File(['GIF89a\x01\x00\x01\x00\x00\x00\x00;'], 'dot.gif', {
    type: 'image/gif',
  })
  const first = await settled(await visitor.run('test/chat', { prompt: 'See', image: picture }))
  const second = await settled(await goOn(visitor, first.id, { 'input.prompt': 'And now?' }))
  expect(second.input.image).toBeUndefined()
  expect(second.input.messages).toMatchObject([
    {
      content: [
        { type: 'image_url', image_url: { url: expect.stringMatching(/^sandpit:.*dot\.gif$/) } },
        { type: 'text', text: 'See' },
      ],
    },
    {},
  ])
  expect(second.files.map(({ name }) => name)).toEqual(['dot.gif'])
  expect(await pageOf(visitor, second.id)).toContain('with 1 file')
})

it('has nothing to go on from while a run is not done, and after it failed', async () => {
  const visitor = createVisitor(sandpit)
  const ran = await visitor.run('test/chat', { prompt: 'Slow', pace: '9000' })
  const id = idIn(ran)
  const page = await pageOf(visitor, id)
  expect(page).toContain(`hx-get="/p/${id}/next-turn"`)
  const sent = { model: 'test/chat', continues: id, beside: id, 'input.prompt': 'Too soon' }
  const { version = '' } = (await sandpit.runner.find(id)) ?? {}
  const refused = await visitor.post('/predictions', { ...sent, version })
  expect(refused.status).toBe(409)
  const form = await refused.text()
  expect(form).toContain('There is no answer to go on from')
  expect(form).toContain('>Too soon</textarea>')
  await visitor.post(`/p/${id}/cancellation`, {})
  const failed = await settled(await visitor.run('test/chat', { prompt: 'fail' }))
  expect(await pageOf(visitor, failed.id)).not.toContain('next-turn')
})

it('asks again when the question is empty, with the conversation kept', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const answer = await goOn(visitor, first.id, {})
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('after 0 messages')
})

it('answers with the form of the next turn once a run has settled', async () => {
  const visitor = createVisitor(sandpit)
  const { id } = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const answer = await visitor.request(`/p/${id}/next-turn`)
  expect(await answer.text()).toMatch(/^<form class="fields" id="next-turn"/)
})
