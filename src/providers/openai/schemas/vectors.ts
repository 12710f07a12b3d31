import { type Inputs, text, texts, whole } from './inputs.ts'

export function embeddingInputs(): Inputs {
  return {
    inputs: {
      input: texts('The texts to turn into numbers.', { minItems: 1, maxItems: 2_048 }),
      dimensions: whole('How many numbers for each text, where the model lets that be chosen.', 1),
    },
    required: ['input'],
  }
}

export function rerankInputs(): Inputs {
  return {
    inputs: {
      query: text('What is looked for.'),
      documents: texts('The texts to put in order.', { minItems: 1, maxItems: 1_000 }),
      top_n: whole('Only so many of the best.', 1),
    },
    required: ['query', 'documents'],
  }
}
