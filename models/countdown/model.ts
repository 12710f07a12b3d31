import { setTimeout as wait } from 'node:timers/promises'
import { defineModel, z } from 'sandpit/model'

export const countdown = defineModel({
  name: 'sandpit/countdown',
  description: 'Counts down to nothing, one tick at a time, and says how far it is.',
  input: z.object({
    from: z.int().min(1).max(100).default(5).describe('Where to start.'),
    interval: z.number().min(0.05).max(5).default(1).describe('Seconds between two ticks.'),
    word: z.string().max(40).default('Lift-off').describe('What to say at the end.'),
  }),
  output: z.string(),
  copies: 4,
  async *run({ from, interval, word }, ctx) {
    for (let left = from; left > 0; left--) {
      ctx.progress({
        fraction: (from - left) / from,
        label: `${left} to go`,
        eta: left * interval,
      })
      ctx.log(`tick ${left}`)
      yield `${left} … `
      await wait(interval * 1000, undefined, { signal: ctx.signal })
    }
    yield `${word}!`
  },
})
