import { describe, expect, it, onTestFinished } from 'vitest'
import { usualInstances } from '../../../src/domain/instance/choices.ts'
import { greetingImage, type ImageApp, startImageApp } from '../../support/containers/image-app.ts'
import { eventually } from '../../support/eventually.ts'
import { namedPerson } from '../../support/named-person.ts'
import { idIn } from '../../support/prediction-id.ts'

const page = '/settings/models/team/greets'
const instances = `${page}/instances`

let sandpit: ImageApp
async function start(...of: Parameters<typeof greetingImage>) {
  const image = greetingImage(...of)
  sandpit = await startImageApp({ images: [image] })
  onTestFinished(() => sandpit.close())
  await sandpit.add(image)
}

const run = async () => idIn(await sandpit.olga.run('/team/greets', { 'input.name': 'ada' }))

async function shown(): Promise<string> {
  const answer = await sandpit.olga.ask(instances)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Sandpit')).toBe('fragment')
  return answer.text()
}

/** The instance that a button of the page is for, once there is one. */
async function nameOf(action: 'drain' | 'stop'): Promise<string> {
  let name = ''
  await eventually(async () => {
    name = new RegExp(`value="${action} ([^"]+)"`).exec(await shown())?.[1] ?? ''
    expect(name).not.toBe('')
  })
  return name
}

const noneIsLeft = () => eventually(() => expect(sandpit.engine.containers()).toEqual([]))

describe('the containers of a model', () => {
  it('are shown as they are, on its page and in the part that is fetched again', async () => {
    await start('1')
    expect(await shown()).toContain('None is started')
    await sandpit.runner.settledWithin(await run(), 60_000)
    const text = await shown()
    expect(text).toContain('data-state="warm">Warm')
    expect(text).toContain('<td>local</td>')
    expect(text).toMatch(/idle for 0:\d\d/)
    const whole = (await sandpit.olga.get(page)).text
    expect(whole).toContain(`hx-get="${instances}"`)
    expect(whole).toContain('0 to 1, stopped after 5 min without work')
    expect(whole).toContain('data-state="warm">Warm')
  })

  it('are not said to start with the next run while one waits for the engine', async () => {
    await start('1')
    await sandpit.engine.goAway()
    const id = await run()
    const text = await shown()
    expect(text).toContain('None is started yet')
    expect(text).not.toContain('the next run starts one')
    const looked = await sandpit.olga.post('/models/new', { where: 'localhost/team/other:1' })
    expect(await looked.text()).toContain('The engine local cannot be asked')
    await sandpit.engine.comeBack()
    expect((await sandpit.runner.settledWithin(id, 60_000))?.status).toBe('succeeded')
  })

  it('are drained and stopped by operators alone, and by their names', async () => {
    await start('1')
    await sandpit.runner.settledWithin(await run(), 60_000)
    const name = await nameOf('drain')
    const ada = namedPerson(sandpit, 'ada')
    expect((await ada.get(instances)).status).toBe(403)
    expect((await ada.post(instances, { press: `drain ${name}` })).status).toBe(403)
    for (const press of ['drain other', 'stop', `end ${name}`, ''])
      expect((await sandpit.olga.post(instances, { press })).status).toBe(404)
    const pressed = await sandpit.olga.post(instances, { press: `drain ${name}` })
    expect(pressed.status).toBe(303)
    expect(pressed.headers.get('Location')).toBe(`${page}#instances`)
    await noneIsLeft()
    expect((await sandpit.olga.get('/settings/audit')).text).toContain(`${name} drained`)
  })

  it('that are ready are stopped at once, whatever they do', async () => {
    let answer = () => {}
    const model = {
      ...greetingImage('1').model,
      predict: () =>
        new Promise<string>((done) => {
          answer = () => done('late')
        }),
    }
    await start('1', { model })
    const id = await run()
    await eventually(async () => expect(await shown()).toContain('data-state="busy">Busy'))
    const busy = await nameOf('stop')
    expect(await nameOf('drain')).toBe(busy)
    expect((await sandpit.olga.post(instances, { press: `stop ${busy}` })).status).toBe(303)
    await noneIsLeft()
    await sandpit.runner.settledWithin(id, 60_000)
    answer()
    expect((await sandpit.olga.get('/settings/audit')).text).toContain(`${busy} stopped`)
  })

  it('that have nothing to do are drained or stopped', async () => {
    await start('1')
    await sandpit.runner.settledWithin(await run(), 60_000)
    await eventually(async () => expect(await shown()).toContain('idle for'))
    const name = await nameOf('stop')
    expect(await nameOf('drain')).toBe(name)
    await sandpit.olga.post(instances, { press: `stop ${name}` })
    await noneIsLeft()
    expect(await shown()).not.toContain('data-status="failed"')
  })

  it('that keep failing say when the next is tried: with the next run, or by itself', async () => {
    await start('1')
    sandpit.engine.faults.start = 'no such device'
    await run()
    // On a busy machine, the second may have failed before time passes for it.
    for (const times of [/[23] times in a row/, /3 times in a row/]) {
      await eventually(async () => expect(await shown()).toContain('data-status="failed"'))
      sandpit.pass(31_000)
      await eventually(async () => expect(await shown()).toMatch(times))
    }
    const next =
      /, next try in <time datetime="([^"]+)">(\d+) min (\d+) s<\/time>( at the earliest)?/
    await eventually(async () => expect(next.exec(await shown())?.[4]).toBeDefined())
    const asked = Date.now()
    const [, at = '', minutes, seconds] = next.exec((await sandpit.olga.get(page)).text) ?? []
    const left = (now: number) => (Date.parse(at) - now) / 1_000
    const said = 60 * Number(minutes) + Number(seconds)
    expect(said).toBeGreaterThanOrEqual(left(Date.now()))
    expect(said).toBeLessThanOrEqual(left(asked) + 1)
    const { records, olga } = sandpit
    const record = records.of({ owner: 'team', name: 'greets' })
    const kept = { ...usualInstances, min: 1 }
    await records.save({ ...record, settings: { ...record.settings, instances: kept } })
    await eventually(async () => {
      const text = await shown()
      expect(text).toMatch(/, next try in <time datetime="[^"]+">[^<]+<\/time>/)
      expect(text).not.toContain('at the earliest')
    })
    delete sandpit.engine.faults.start
    await olga.post(instances, { press: 'try again' })
    await eventually(async () => expect(await shown()).toContain('data-state="warm">Warm'))
    expect(await shown()).not.toContain('next try')
  })

  it('that boot show what they write, and are stopped', async () => {
    await start('1', { booting: true, writes: ['reading tensors 1 of 9'] })
    const id = await run()
    const name = await nameOf('stop')
    await eventually(async () => expect(await shown()).toContain('reading tensors 1 of 9'))
    expect((await sandpit.olga.get(`${page}/set-up.txt`)).text).toContain('reading tensors')
    await sandpit.olga.post(`/p/${id}/cancellation`)
    expect((await sandpit.olga.post(instances, { press: `stop ${name}` })).status).toBe(303)
    await noneIsLeft()
  })

  it('that failed are listed with their logs, and tried again by a click', async () => {
    await start('1', { booting: true, writes: ['CUDA error: out of memory'] })
    await run()
    await eventually(async () => expect(await shown()).toContain('out of memory'))
    await sandpit.engine.containers()[0]?.end(1)
    await eventually(async () => expect(await shown()).toContain('data-status="failed"'))
    const text = await shown()
    expect(text).toContain('>Try again<')
    expect(text).toMatch(/ended with exit code 1[^<]*CUDA error/)
    expect(text).toContain('id="failed-set-up-logs" open')
    expect(text).toContain('<mark>CUDA error: out of memory')
    expect((await sandpit.olga.post(instances, { press: 'try again' })).status).toBe(303)
    await eventually(async () => expect(await shown()).not.toContain('data-status="failed"'))
  })
})

it('are shown of no model that none is started for', async () => {
  await start('1')
  const { records, olga } = sandpit
  const ref = { owner: 'team', name: 'none' }
  // Where nothing listens.
  const source = { provider: 'cog', urls: ['http://127.0.0.1:9'] }
  await records.save({ ...records.of(ref), source })
  const of = '/settings/models/team/none'
  expect((await olga.get(`${of}/instances`)).status).toBe(404)
  expect((await olga.post(`${of}/instances`, { press: 'try again' })).status).toBe(404)
  expect((await olga.get(of)).text).toContain('<h2 id="now">')
})
