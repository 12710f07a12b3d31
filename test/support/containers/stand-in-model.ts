import { setTimeout as wait } from 'node:timers/promises'
import type { CogModel } from '../../providers/support/cog-run.ts'

/** The model in the image: it greets after `ms`, and ends its process when `die` is set. */
export function standInModel(greeting: string): CogModel {
  return {
    input: {
      type: 'object',
      title: 'Input',
      required: ['name'],
      properties: {
        name: { type: 'string', title: 'Name', 'x-order': 0 },
        ms: { type: 'integer', title: 'Ms', default: 0, 'x-order': 1 },
        die: { type: 'boolean', title: 'Die', default: false, 'x-order': 2 },
      },
    },
    output: { type: 'string', title: 'Output' },
    async predict({ name, ms = 0, die = false }, { log, signal }) {
      log(`greeting ${name}\n`)
      if (die === true) process.kill(process.pid, 'SIGKILL')
      await wait(Number(ms), undefined, { signal }).catch(() => {})
      return `${greeting} ${name}`
    },
  }
}
