import { writeModels } from './models.ts'

/**
 * The folder of `test/chat`, which answers with what it was asked, and with how many messages were before. Given a
 * file, it ends an answer once the number in that file is at least the number of the question.
 */
export function writeChatModel(): string {
  return writeModels({
    chat: `
      import { existsSync, readFileSync } from 'node:fs'
      import { setTimeout as wait } from 'node:timers/promises'
      import { defineModel, file, z } from 'sandpit/model'
      const messages = z.array(z.object({ role: z.string(), content: z.any() })).default([])
      export const chat = defineModel({
        name: 'test/chat',
        description: 'Repeats a conversation.',
        input: z.object({
          prompt: z.string(),
          image: file({ accept: 'image/*' }).optional(),
          system_prompt: z.string().default('Be kind.'),
          messages,
          gate: z.string().default(''),
        }),
        output: z.string(),
        async *run({ prompt, system_prompt, messages, gate }, ctx) {
          const question = messages.length / 2 + 1
          const isOpen = () => !gate || (existsSync(gate) && readFileSync(gate, 'utf8') >= question)
          ctx.log('Thinking of ' + prompt)
          if (prompt === 'fail') throw new Error('It was asked to fail')
          yield '**' + prompt + '** after '
          while (!isOpen()) await wait(20, undefined, { signal: ctx.signal })
          yield messages.length + ' messages. ' + system_prompt
        },
      })`,
  })
}
