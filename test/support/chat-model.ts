import { writeModels } from './models.ts'

/** The folder of `test/chat`, which answers with what it was asked, and with how many messages were before. */
export function writeChatModel(): string {
  return writeModels({
    chat: `
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
          pace: z.int().min(0).max(10000).default(0),
        }),
        output: z.string(),
        async *run({ prompt, system_prompt, messages, pace }, ctx) {
          ctx.log('Thinking of ' + prompt)
          if (prompt === 'fail') throw new Error('It was asked to fail')
          yield '**' + prompt + '** after '
          await wait(pace, undefined, { signal: ctx.signal })
          yield messages.length + ' messages. ' + system_prompt
        },
      })`,
  })
}
