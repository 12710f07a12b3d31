import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { createWorkshop, isAlive, type Workshop } from '../../support/workshop.ts'

const graceMs = 300

describe('the process of a local model', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await createWorkshop({
      limits: { cancelGraceMs: graceMs },
      environment: { ALLOWED: 'yes', KEPT_BACK: 'no' },
    })
    workshop.model('pid', `copies: 2, run: () => String(process.pid),`)
  })
  afterAll(() => workshop.close())

  const pidOf = async (name: string) => Number((await workshop.run(name)).prediction.output)
  const owner = 'test'

  it('is cold, then warm, and serves one run after another', async () => {
    expect(workshop.provider.warmth({ owner, name: 'pid' })).toBe('cold')
    const pid = await pidOf('pid')
    expect(workshop.provider.warmth({ owner, name: 'pid' })).toBe('warm')
    expect(await pidOf('pid')).toBe(pid)
    expect(isAlive(pid)).toBe(true)
  })

  it('is booting while it is set up', async () => {
    workshop.model('boots', `setup: () => console.log('setting up'), run: () => 'x',`)
    const seen: string[] = []
    const { prediction } = await workshop.run(
      'boots',
      {},
      {
        each: ({ type }) =>
          seen.push(`${type} ${workshop.provider.warmth({ owner, name: 'boots' })}`),
      },
    )
    expect(seen.slice(0, 3)).toEqual(['entered booting', 'logged booting', 'started warm'])
    expect(prediction.logs).toBe('setting up\n')
  })

  it('is one for each of two runs at once', async () => {
    workshop.model(
      'meeting',
      `copies: 2, async run() {
    appendFileSync('here', '.')
    while (readFileSync('here', 'utf8').length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    return String(process.pid)
  },`,
      `import { appendFileSync, readFileSync } from 'node:fs'`,
    )
    const [one, two] = await Promise.all([pidOf('meeting'), pidOf('meeting')])
    expect(one).not.toBe(two)
  })

  it('is let go when nothing has asked for it in a while', async () => {
    const short = await createWorkshop({ limits: { idleMs: 50 } })
    short.model('pid', `run: () => String(process.pid),`)
    const pid = Number((await short.run('pid')).prediction.output)
    await eventually(() => !isAlive(pid))
    expect(short.provider.warmth({ owner, name: 'pid' })).toBe('cold')
    expect(Number((await short.run('pid')).prediction.output)).not.toBe(pid)
    await short.close()
  })

  it('is replaced when it died between two runs', async () => {
    const pid = await pidOf('pid')
    process.kill(pid, 'SIGKILL')
    await eventually(() => workshop.provider.warmth({ owner, name: 'pid' }) === 'cold')
    expect(await pidOf('pid')).not.toBe(pid)
  })

  it('is replaced when it fails after its run', async () => {
    workshop.model(
      'late',
      `run() { setTimeout(() => Promise.reject(new Error('late')), 20); return String(process.pid) },`,
    )
    const { prediction } = await workshop.run('late')
    expect(prediction.status).toBe('succeeded')
    await eventually(() => !isAlive(Number(prediction.output)))
    expect((await workshop.run('late')).prediction.status).toBe('succeeded')
  })

  it('serves on when it talks after its run', async () => {
    workshop.model(
      'talker',
      `run(_, ctx) {
    setTimeout(() => {
      console.log('too late')
      ctx.log('far too late')
      ctx.progress(1)
      writeFileSync('talked', '')
    }, 20)
    return String(process.pid)
  },`,
      `import { writeFileSync } from 'node:fs'`,
    )
    const { prediction } = await workshop.run('talker')
    await eventually(() => existsSync(join(workshop.models, 'talker', 'talked')))
    const next = await workshop.run('talker')
    expect(next.prediction).toMatchObject({ output: prediction.output, logs: '' })
  })

  it('sees of the environment what it declares and nothing else', async () => {
    workshop.model('reader', `env: ['ALLOWED', 'ABSENT'], run: () => JSON.stringify(process.env),`)
    const { prediction } = await workshop.run('reader')
    expect(JSON.parse(String(prediction.output))).toEqual({ ALLOWED: 'yes' })
  })

  it('is killed when a canceled run is in an endless loop', async () => {
    workshop.model('loop', `run(_, ctx) { ctx.log(process.pid); for (;;); },`)
    const ended = await cancelOnceLogged('loop')
    expect(isAlive(ended.pid)).toBe(false)
    expect(ended.ms).toBeLessThan(10_000)
  })

  it('is killed when a canceled run does not heed the signal', async () => {
    workshop.model(
      'deaf',
      `async run(_, ctx) { ctx.log(process.pid); for (;;) await new Promise((r) => setTimeout(r, 5)) },`,
    )
    const ended = await cancelOnceLogged('deaf')
    expect(isAlive(ended.pid)).toBe(false)
    expect(ended.ms).toBeGreaterThan(graceMs - 20)
  })

  it('lives on when a canceled run heeds the signal, and has time to tidy up', async () => {
    const patient = await createWorkshop({ limits: { cancelGraceMs: 600_000 } })
    patient.model(
      'tidy',
      `async *run(_, ctx) {
    ctx.log(process.pid)
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
    ctx.log('tidied up')
    ctx.signal.throwIfAborted()
  },`,
    )
    const ended = await cancelOnceLogged('tidy', patient)
    expect(isAlive(ended.pid)).toBe(true)
    expect(ended.logs).toBe(`${ended.pid}\ntidied up\n`)
    await patient.close()
  })

  it('is killed without grace when the run is canceled while it boots', async () => {
    const patient = await createWorkshop({ limits: { cancelGraceMs: 600_000 } })
    patient.model('booting', `setup() { console.log(process.pid); for (;;); }, run: () => 'x',`)
    const ended = await cancelOnceLogged('booting', patient)
    expect(isAlive(ended.pid)).toBe(false)
    await patient.close()
  })

  it('takes the processes that it started with it', async () => {
    workshop.model(
      'parent',
      `async run(_, ctx) {
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'inherit' })
    ctx.log(child.pid)
    await new Promise(() => {})
  },`,
      `import { spawn } from 'node:child_process'`,
    )
    const { pid } = await cancelOnceLogged('parent')
    await eventually(() => !isAlive(pid))
  })

  it('ends with its run although a process it set free still holds its outputs', async () => {
    workshop.model(
      'settler',
      `async run(_, ctx) {
    const child = spawn('/bin/sleep', ['1000'], { stdio: 'inherit', detached: true })
    child.unref()
    ctx.log(child.pid)
    await new Promise((resolve) => setTimeout(resolve, 50))
    process.exit(1)
  },`,
      `import { spawn } from 'node:child_process'`,
    )
    const { prediction } = await workshop.run('settler')
    expect(prediction.error).toMatch(/exit code 1/)
    expect(isAlive(Number(prediction.logs))).toBe(true)
    process.kill(Number(prediction.logs))
  })

  it('cannot be started in a folder that is gone, and says so', async () => {
    workshop.model('fleeting', `run: () => 'x',`)
    const model = await workshop.find('fleeting')
    rmSync(join(workshop.models, 'fleeting'), { recursive: true })
    expect(model?.broken).toBeNull()
    const { prediction } = await workshop.run('fleeting')
    expect(prediction.status).toBe('failed')
    expect(prediction.error).toMatch(/^The model's process could not be started: .*ENOENT/)
  })

  it('has a group of its own and no way to our terminal', async () => {
    const pid = await pidOf('pid')
    const [, , , , group] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')
    expect(Number(group)).toBe(pid)
  })

  /** Cancels a run once it has logged its process, and says how that went. */
  async function cancelOnceLogged(name: string, where = workshop) {
    const controller = new AbortController()
    let canceledAt = 0
    const { prediction } = await where.run(
      name,
      {},
      {
        signal: controller.signal,
        each(_, { logs }) {
          if (logs === '' || controller.signal.aborted) return
          canceledAt = performance.now()
          controller.abort('canceled')
        },
      },
    )
    const { logs } = prediction
    return { logs, pid: Number.parseInt(logs, 10), ms: performance.now() - canceledAt }
  }
})
