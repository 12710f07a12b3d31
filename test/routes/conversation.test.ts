import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeChatModel } from '../support/chat-model.ts'
import { eventually } from '../support/eventually.ts'
import { idIn } from '../support/prediction-id.ts'
import { temporaryFolder } from '../support/run-folder.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'
import { createVisitor, type FormValues } from '../support/visitor.ts'

/** No file yet: what waits for it goes on until it is canceled. */
const newGate = () => join(temporaryFolder('sandpit-chat-'), 'gate')

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

/** Runs the form beside a result. */
async function runBeside(
  visitor: Visitor,
  beside: string,
  inputs: Readonly<Record<string, string>>,
) {
  const { version = '' } = (await sandpit.runner.find(beside)) ?? {}
  const named = Object.entries(inputs).map(([name, value]) => [`input.${name}`, value] as const)
  const hidden = { model: 'test/chat', version, beside }
  return visitor.post('/predictions', { ...hidden, ...Object.fromEntries(named) })
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

it('has nothing to go on from while a run is not done, and after it failed or was deleted', async () => {
  const visitor = createVisitor(sandpit)
  const ran = await visitor.run('test/chat', { prompt: 'Slow', gate: newGate() })
  const id = idIn(ran)
  const page = await pageOf(visitor, id)
  expect(page).toContain(`hx-get="/p/${id}/next-turn"`)
  expect(page).toMatch(/<button class="button" type="submit" disabled[^>]*>Continue/)
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
  expect(
    (await visitor.post('/predictions', { ...sent, version, continues: failed.id })).status,
  ).toBe(409)
  const deleted = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  await visitor.post(`/p/${deleted.id}/deletion`, {})
  const gone = await visitor.post('/predictions', { ...sent, version, continues: deleted.id })
  expect(gone.status).toBe(409)
  expect(await gone.text()).toContain('>Too soon</textarea>')
})

it('goes on from what had been said when its maker canceled it', async () => {
  const visitor = createVisitor(sandpit)
  const gate = newGate()
  const id = idIn(await visitor.run('test/chat', { prompt: 'Slow', gate }))
  await eventually(async () => expect((await sandpit.runner.find(id))?.output).not.toBeNull())
  await visitor.post(`/p/${id}/cancellation`, {})
  await sandpit.runner.settledWithin(id, 60_000)
  writeFileSync(gate, '2')
  const next = await settled(await goOn(visitor, id, { 'input.prompt': 'Go on' }))
  expect(next.input.messages).toMatchObject([{}, { content: '**Slow** after ' }])
})

it('links each earlier turn to its record and its form, where the viewer may see it', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const second = await settled(await goOn(visitor, first.id, { 'input.prompt': 'Two' }))
  const third = await settled(await goOn(visitor, second.id, { 'input.prompt': 'Three' }))
  expect(third.continues).toBe(second.id)
  const records = async () => {
    const page = await pageOf(visitor, third.id)
    const thread = page.slice(page.indexOf('<h2>Conversation'), page.indexOf('id="prediction"'))
    return [...thread.matchAll(/href="([^"]*(?:\/p\/|prediction=)[^"]*)"/g)].map(([, href]) => href)
  }
  const form = (id: string) => `/test/chat?prediction=${id}#input-prompt`
  expect(await records()).toEqual([
    ...[form(first.id), `/p/${first.id}`, form(second.id), `/p/${second.id}`, form(third.id)],
  ])
  await visitor.post(`/p/${first.id}/deletion`, {})
  expect(await records()).toEqual([form(second.id), `/p/${second.id}`, form(third.id)])
})

it('stays in its conversation when a question is changed, and leaves it with what was said before', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const second = await settled(await goOn(visitor, first.id, { 'input.prompt': 'Two' }))
  const messages = JSON.stringify(second.input.messages)
  const changed = { prompt: 'Two, again', messages }
  const again = await settled(await runBeside(visitor, second.id, changed))
  expect(again.continues).toBe(first.id)
  const other = { prompt: 'Two', messages: messages.replace('One', 'Uno') }
  const forged = await settled(await runBeside(visitor, second.id, other))
  expect(forged.continues).toBeNull()
})

it('is one turn when Continue is pressed twice, and two from two tabs', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const page = await pageOf(visitor, first.id)
  const pressIn = async (html: string) => {
    const [form = ''] = /<form class="fields" id="next-turn".*?<\/form>/s.exec(html) ?? []
    const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const given = Object.fromEntries(hidden.map(([, name, value]) => [name, value]))
    return idIn(await visitor.post('/predictions', { ...given, 'input.prompt': 'Two' }))
  }
  const [one, same] = await Promise.all([pressIn(page), pressIn(page)])
  expect(same).toBe(one)
  expect(await pressIn(await pageOf(visitor, first.id))).not.toBe(one)
})

it('shows forged messages as text, and of many the last', async () => {
  const visitor = createVisitor(sandpit)
  const messages = [
    ...Array.from({ length: 3_000 }, () => ({ role: 'user', content: 'x' })),
    { role: 'system', content: '</p><script>alert(1)</script>' },
    { role: '<b>'.repeat(10_000), content: [{ type: 'text', text: 'y'.repeat(100_000) }] },
    { role: 'tool', content: { deep: [[[]]] } },
  ]
  const forged = await settled(
    await visitor.run('test/chat', { prompt: 'Go', messages: JSON.stringify(messages) }),
  )
  const page = await pageOf(visitor, forged.id)
  const thread = page.slice(page.indexOf('<h2>Conversation'), page.indexOf('id="prediction"'))
  expect(thread).toContain('2,979 older messages are not shown here.')
  expect(thread).toContain('&lt;script&gt;alert(1)')
  expect(thread).not.toContain('<script>alert')
  expect(thread.length).toBeLessThan(20_000)
})

it('asks again when the question is empty, with the conversation kept', async () => {
  const visitor = createVisitor(sandpit)
  const first = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const answer = await goOn(visitor, first.id, {})
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('after 0 messages')
})

it('answers with Continue once a run has settled', async () => {
  const visitor = createVisitor(sandpit)
  const { id } = await settled(await visitor.run('test/chat', { prompt: 'One' }))
  const answer = await (await visitor.request(`/p/${id}/next-turn`)).text()
  expect(answer).toMatch(/^<div class="actions">.*Continue<\/button>/)
})
