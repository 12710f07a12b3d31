import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { greetingImage, type ImageApp, startImageApp } from '../../support/containers/image-app.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'

const one = greetingImage('1')
const edit = '/team/greets/edit'
const ref = { owner: 'team', name: 'greets' }
const typed = { min: '1', max: '3', idle: '60', boot: '600', network: 'open', disk: 'writable' }
/** As it is saved before anybody changes it. */
const usual = { min: '0', max: '1', idle: '300', boot: '900', network: 'closed', disk: 'fixed' }

let sandpit: ImageApp
beforeEach(async () => {
  sandpit = await startImageApp(
    { images: [one] },
    {
      SANDPIT_GROUPS: 'the-team=team,*=member',
      SANDPIT_HARDWARE: 'small=cpus:2;large=cpus:8',
    },
  )
  await sandpit.add(one)
})
afterEach(() => sandpit.close())

async function mark(): Promise<string> {
  const { text } = await sandpit.olga.get(edit)
  return /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? ''
}

async function set(changes: Readonly<Record<string, string>> = {}) {
  const values = { seen: await mark(), ...typed, ...changes }
  const answer = await sandpit.olga.post(edit, values)
  return { status: answer.status, text: await answer.text() }
}

const saved = () => sandpit.records.of(ref).settings.instances

describe('how the containers of a model are run', () => {
  it('is chosen by operators, takes effect at once, and is in the audit log', async () => {
    expect((await set()).status).toBe(303)
    expect(saved()).toEqual({
      min: 1,
      max: 3,
      idleMs: 60_000,
      bootMs: 600_000,
      isOpen: true,
      isWritable: true,
    })
    const { text } = await sandpit.olga.get(edit)
    expect(text).toMatch(/name="max"[^>]*value="3"/)
    expect(text).toMatch(/name="network" value="open" checked/)
    const log = (await sandpit.olga.get('/settings/audit')).text
    expect(log).toContain('min 0 → 1, max 1 → 3, idle 300 → 60, boot 900 → 600')
    const model = await sandpit.runner.findModel(ref)
    expect(model?.limits).toMatchObject({ copies: 3, bootMs: 600_000 })
  })

  it('names the hardware that they run on, of those that operators have named', async () => {
    const { text } = await sandpit.olga.get(edit)
    expect(text).toContain('<option value="large">large: 8 CPUs</option>')
    expect((await set({ hardware: 'huge' })).status).toBe(422)
    expect((await set({ hardware: 'large' })).status).toBe(303)
    expect(sandpit.records.of(ref).hardware).toBe('large')
    const log = (await sandpit.olga.get('/settings/audit')).text
    expect(log).toContain('hardware any → large')
    const id = idIn(await sandpit.olga.run('/team/greets', { 'input.name': 'ada' }))
    await sandpit.runner.settledWithin(id, 60_000)
    const [container] = sandpit.engine.containers()
    expect(container?.body.HostConfig).toMatchObject({ NanoCpus: 8e9 })
  })

  it.each([
    [{ min: '21' }, 'Enter a whole number from 0 to 20.'],
    [{ max: '0' }, 'Enter a whole number from 1 to 100.'],
    [{ min: '3', max: '2' }, 'Enter at least 3, as many as are kept ready.'],
    [{ idle: '1.5' }, 'Enter a whole number from 1 to 2,592,000.'],
    [{ boot: '' }, 'Enter a whole number from 1 to 86,400.'],
  ])('is refused with what was typed: %o', async (changes, sentence) => {
    const { status, text } = await set(changes)
    expect(status).toBe(422)
    expect(text).toContain(sentence)
    expect(text).toMatch(/name="network" value="open" checked/)
    expect(saved()).toBeUndefined()
  })

  it('is not replaced unseen when somebody else has changed it', async () => {
    const seen = await mark()
    await set({ max: '5' })
    const refused = await set({ max: '7', seen })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('Saved by somebody else: 5.')
    expect(refused.text).toMatch(/name="max"[^>]*value="7"/)
    expect(saved()?.max).toBe(5)
    expect((await set({ max: '7' })).status).toBe(303)
    expect(saved()?.max).toBe(7)
  })

  it('keeps what somebody else has changed in another field', async () => {
    const seen = await mark()
    await set({ ...usual, max: '5' })
    expect((await set({ ...usual, idle: '60', seen })).status).toBe(303)
    expect(saved()).toMatchObject({ max: 5, idleMs: 60_000 })
  })

  it('is saved with what people see, all or nothing', async () => {
    const description = 'Greets you in two languages.'
    const wrong = await set({ description, max: 'many', retention: '30' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('<a href="#max">at most</a>: Enter a whole number from 1 to 100.')
    expect(wrong.text).toContain(description)
    expect(wrong.text).toMatch(/name="retention"[^>]*value="30"/)
    expect(sandpit.edits.find(ref)).toBeNull()
    expect(saved()).toBeUndefined()
    expect((await set({ description, github: 'none', max: '4' })).status).toBe(422)
    expect(saved()).toBeUndefined()
    expect((await set({ description, max: '4', retention: '30' })).status).toBe(303)
    expect(sandpit.edits.of(ref).fields).toMatchObject({ description })
    expect(saved()?.max).toBe(4)
    expect(sandpit.records.of(ref).settings.retention).toBe(30)
  })

  it.each(['preview', 'restore all', 'give access', 'withdraw nobody'])(
    'keeps what was typed when “%s” is pressed, and saves none of it',
    async (press) => {
      const { text } = await set({ press, max: '7', retention: '30', grantee: 'nobody-here' })
      expect(text).toMatch(/name="max"[^>]*value="7"/)
      expect(text).toMatch(/name="retention"[^>]*value="30"/)
      expect(text).toMatch(/name="grantee"[^>]*value="nobody-here"/)
      expect(text).toMatch(/name="network" value="open" checked/)
      expect(saved()).toBeUndefined()
    },
  )

  it('is not shown to others who edit the model, nor changed by them', async () => {
    const mia = namedPerson(sandpit, 'mia')
    await mia.get('/')
    const [known] = await sandpit.store.peopleAmong(['mia'])
    await sandpit.store.changePerson(known?.id ?? '', { groups: ['the-team'] })
    sandpit.people.forget()
    const { status, text } = await mia.get(edit)
    expect(status).toBe(200)
    expect(text).not.toContain('name="max"')
    expect(text).not.toContain('name="retention"')
    const description = 'Greets.'
    const seen = await mark()
    await mia.post(edit, { seen, description, ...typed, retention: '1' })
    expect(sandpit.edits.of(ref).fields).toMatchObject({ description })
    expect(saved()).toBeUndefined()
    expect(sandpit.records.of(ref).settings.retention).toBeUndefined()
  })
})
