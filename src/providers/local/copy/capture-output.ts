import type { Outbox } from './outbox.ts'

/** Turns everything that the model prints from JavaScript into log text, in order. */
export function captureOutput(outbox: Outbox): void {
  for (const stream of [process.stdout, process.stderr])
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      outbox.log(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
      const done = rest.find((argument) => typeof argument === 'function')
      if (done) queueMicrotask(done as () => void)
      return true
    }) as typeof stream.write
}
