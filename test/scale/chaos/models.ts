import { setTimeout as delay } from 'node:timers/promises'
import { asking, textOutput } from '../../providers/support/cog-models.ts'
import type { CogModel } from '../../providers/support/cog-run.ts'
import { writeModels } from '../../support/models.ts'

/** Models whose runs take a moment, so that they are killed in all of their states. */
export const chaosModels = () =>
  writeModels({
    steps: `
      import { setTimeout as delay } from 'node:timers/promises'
      import { defineModel, z } from 'sandpit/model'
      export default defineModel({
        name: 'chaos/steps',
        description: 'Says its words one by one.',
        input: z.object({ text: z.string(), ms: z.number().int() }),
        output: z.string(),
        copies: 2,
        async *run({ text, ms }) {
          for (const word of text.split(' ')) {
            yield word + ' '
            await delay(ms)
          }
        },
      })`,
    hash: `
      import { createHash } from 'node:crypto'
      import { readFile } from 'node:fs/promises'
      import { defineModel, file, z } from 'sandpit/model'
      export default defineModel({
        name: 'chaos/hash',
        description: 'Hashes a file.',
        input: z.object({ file: file() }),
        output: z.string(),
        copies: 2,
        async run({ file }) {
          return createHash('sha256').update(await readFile(file.path)).digest('hex')
        },
      })`,
    careful: `
      import { setTimeout as delay } from 'node:timers/promises'
      import { defineModel, z } from 'sandpit/model'
      export default defineModel({
        name: 'chaos/careful',
        description: 'Is never run twice.',
        rerun: false,
        input: z.object({}),
        output: z.string(),
        async run() {
          await delay(200)
          return 'done'
        },
      })`,
  })

/** How many of a model run at once at each replica. */
export const copies: Readonly<Record<string, number>> = { steps: 2, hash: 2, careful: 1 }

/** A model in a container that all replicas share. */
export const contained: CogModel = {
  input: asking({ name: { type: 'string', title: 'Name', 'x-order': 0 } }),
  output: textOutput,
  async predict({ name }) {
    await delay(200)
    return `hello ${name}`
  },
}

/** How many of a model run at once over all replicas: one in each container. */
export const shared: Readonly<Record<string, number>> = { contained: 1 }
