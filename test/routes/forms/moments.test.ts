import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeModels } from '../../support/models.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  calendar: `
    import { defineModel, z } from 'sandpit/model'
    export const calendar = defineModel({
      name: 'test/calendar',
      description: 'Takes dates and colours.',
      input: z.object({
        day: z.iso.date().optional(),
        moment: z.iso.datetime().optional(),
        hour: z.string().optional().meta({ format: 'time' }),
        tint: z.string().optional().meta({ format: 'color' }),
      }),
      output: z.json(),
      run: (input) => input,
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

const control = (name: string, type: string, value: string) =>
  new RegExp(
    `<input id="input-${name}" name="input.${name}"[^>]* type="${type}"[^>]* value="${value}"`,
  )

describe('dates, times and colours', () => {
  it('reach the model as their formats want them, and come back into the form', async () => {
    const visitor = createVisitor(sandpit)
    const inputs = { day: '2026-04-01', moment: '2026-04-01T14:30', hour: '14:30' }
    const made = await visitor.run('test/calendar', { ...inputs, tint: '#336699' })
    expect(made.status).toBe(303)
    const id = /[a-z2-7]{26}/.exec(made.headers.get('Location') ?? '')?.[0] ?? ''
    const prediction = await sandpit.deps.store.find(id)
    expect(prediction?.input).toEqual({
      day: '2026-04-01',
      moment: '2026-04-01T14:30:00Z',
      hour: '14:30:00Z',
      tint: '#336699',
    })
    const form = await (await visitor.request(`/test/calendar?from=${id}`)).text()
    expect(form).toMatch(control('day', 'date', '2026-04-01'))
    expect(form).toMatch(control('moment', 'datetime-local', '2026-04-01T14:30:00'))
    expect(form).toMatch(control('hour', 'time', '14:30:00'))
    expect(form).toMatch(control('tint', 'color', '#336699'))
    expect(form).toContain('<span id="input-moment-zone">UTC</span>')
  })

  it('are shown as text where the control cannot hold them, and left out when they are blank', async () => {
    const visitor = createVisitor(sandpit)
    const link = new URLSearchParams({
      'input.day': 'tomorrow',
      'input.moment': '2026-04-01T14:30:00+02:00',
      'input.tint': 'teal',
    })
    const form = await (await visitor.request(`/test/calendar?${link}`)).text()
    expect(form).toContain('“tomorrow” is not a date.')
    expect(form).toMatch(control('day', 'text', 'tomorrow'))
    expect(form).toMatch(control('moment', 'text', '2026-04-01T14:30:00\\+02:00'))
    expect(form).toMatch(control('tint', 'text', 'teal'))
    const blank = { day: '', moment: '', hour: '', tint: ['#000000', ''] }
    const made = await visitor.run('test/calendar', blank)
    const id = /[a-z2-7]{26}/.exec(made.headers.get('Location') ?? '')?.[0] ?? ''
    expect((await sandpit.deps.store.find(id))?.input).toEqual({})
  })
})
