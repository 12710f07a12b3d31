import { setTimeout as wait } from 'node:timers/promises'
import { defineModel, file, z } from 'sandpit/model'
import { tell } from './chain.ts'
import { randomFrom } from './random.ts'
import { readText } from './source.ts'
import { builtIn } from './text.ts'

const mostSeeds = 2 ** 32

export const story = defineModel({
  name: 'sandpit/story',
  description: 'Writes a story word by word, with nothing but the habits of a text it has read.',
  input: z.object({
    opening: z
      .string()
      .max(2000)
      .optional()
      .describe('How the story begins. Blank begins as a paragraph of the text does.'),
    text: file({ accept: 'text/*,.txt,.md' })
      .optional()
      .describe('Plain text to learn from; of a long one, the first 2 MB. Blank is a short tale.'),
    words: z.int().min(10).max(2000).default(120).describe('How many to write.'),
    order: z
      .int()
      .min(1)
      .max(3)
      .default(2)
      .describe('How many words to look back on: 1 rambles, 3 keeps close to the text.'),
    pace: z
      .int()
      .min(0)
      .max(200)
      .default(20)
      .describe('Words per second, to read along. 0 is as fast as it goes.'),
    seed: z
      .int()
      .min(0)
      .max(mostSeeds - 1)
      .optional()
      .describe('The same seed tells the same story again. Blank takes a new one.'),
  }),
  output: z.string(),
  copies: 4,
  // Enough for the most words at the slowest pace.
  timeout: 2100,
  memory: 512,
  async *run({ opening = '', text, words, order, pace }, ctx) {
    const source = text ? await readText(text) : builtIn
    ctx.log(`Learning from ${text?.name ?? 'the built-in tale'}`)
    const pieces = tell(source, { opening, order, random: randomFrom(ctx.seed()) })

    if (opening.trim()) yield opening.trim()
    let last = ''
    for (let written = 1; written <= words; written++) {
      if (pace > 0 && written > 1) await wait(1000 / pace, undefined, { signal: ctx.signal })
      last = pieces.next().value
      yield last
      ctx.progress({
        fraction: written / words,
        label: `${written} of ${words} words`,
        ...(pace > 0 ? { eta: (words - written) / pace } : {}),
      })
    }
    if (!/[.!?]["”’')]*$/.test(last)) yield '…'
  },
})
