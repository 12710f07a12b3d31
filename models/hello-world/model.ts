import { defineModel, z } from 'sandpit/model'

export const helloWorld = defineModel({
  name: 'sandpit/hello-world',
  description: 'Says hello to whatever you type. The smallest model there is.',
  input: z.object({ text: z.string().describe('Who or what to greet.') }),
  output: z.string(),
  copies: 2,
  run: ({ text }) => `Hello ${text}`,
})
