import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

/** Makes garbage for most of a second, is idle from then on, and ends when the garbage is collected. */
const burst = `
  import { collectWhenIdle } from ${JSON.stringify(new URL('../src/idle.ts', import.meta.url))}
  collectWhenIdle()
  const collected = new FinalizationRegistry(() => process.exit(0))
  function work() {
    const made = []
    const until = performance.now() + 800
    while (performance.now() < until) made.push({ some: 'thing' })
    collected.register(made)
  }
  work()
  setTimeout(() => process.exit(1), 60_000)`

it('collects the garbage of a burst when the server is idle again', async () => {
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', burst]
  const child = spawn(process.execPath, flags, { stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([0, null])
})
