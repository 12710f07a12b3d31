import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { askOnce } from './connection.ts'
import { sleep } from './process.ts'
import type { Seen, Watch } from './viewers.ts'
import type { Visitor } from './visitor.ts'

const timeLimitMs = 60_000

/** Starts a process of viewers, and waits until nearly all of them have sent a request. */
export async function gatherViewers(watch: Watch) {
  const viewers = fork(fileURLToPath(new URL('./viewers.ts', import.meta.url)))

  function seen(): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error('The viewers ended early'))
      if (!viewers.connected) return onExit()
      viewers.once('exit', onExit)
      viewers.once('message', (message) => {
        viewers.off('exit', onExit)
        resolve(message as Seen)
      })
      viewers.send('report')
    })
  }

  viewers.send(watch)
  const deadline = performance.now() + timeLimitMs
  while ((await seen()).holding < watch.viewers * 0.9) {
    if (performance.now() > deadline) throw new Error('Not all viewers could come')
    await sleep(100)
  }
  return {
    /** What they saw since the last call. */
    seen,
    stop: () => void viewers.kill(),
  }
}

/** Waits for the first output of a prediction. */
export async function untilSpeaking(
  { port }: { readonly port: number },
  visitor: Visitor,
  path: string,
): Promise<void> {
  const deadline = performance.now() + timeLimitMs
  while (performance.now() < deadline) {
    const { body } = await askOnce(port, visitor.get(`${path}/panel`))
    if (body.includes('@')) return
    await sleep(100)
  }
  throw new Error(`${path} did not start`)
}
