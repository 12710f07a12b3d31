/** The models to measure with, by their folder. */

export const noop = {
  noop: `
    import { defineModel, z } from 'sandpit/model'
    export const noop = defineModel({
      name: 'bench/noop',
      description: 'Gives back what it is given.',
      input: z.object({ text: z.string() }),
      output: z.string(),
      copies: 2,
      run: ({ text }) => text,
    })`,
}

export const cells = {
  cells: `
    import { defineModel, z } from 'sandpit/model'
    export const cells = defineModel({
      name: 'bench/cells',
      description: 'Gives back a number.',
      input: z.object({ number: z.int() }),
      output: z.string(),
      copies: 2,
      run: ({ number }) => 'number ' + number,
    })`,
}

export const clock = {
  clock: `
    import { setTimeout as wait } from 'node:timers/promises'
    import { defineModel, z } from 'sandpit/model'
    export const clock = defineModel({
      name: 'bench/clock',
      description: 'Says what time it is, again and again.',
      input: z.object({
        times: z.int().min(1).max(1000),
        everyMs: z.int().min(1).max(60000),
        spreadMs: z.int().min(0).max(60000).default(0),
      }),
      output: z.string(),
      copies: 50,
      async *run({ times, everyMs, spreadMs }, { signal }) {
        for (let time = 0; time < times; time++) {
          yield '@' + Date.now() + ' '
          await wait(everyMs + Math.random() * spreadMs, undefined, { signal })
        }
      },
    })`,
}

/** A model with twenty inputs of all kinds. */
export const twentyFields = {
  fields: `
    import { defineModel, file, z } from 'sandpit/model'
    export const fields = defineModel({
      name: 'bench/fields',
      description: 'Makes images from text, with everything that such a model can be told.',
      input: z.object({
        prompt: z.string().describe('What the image shows. The more you say, the less is guessed.'),
        negative_prompt: z.string().default('').describe('What the image does not show.'),
        image: file({ accept: 'image/*' }).optional().describe('An image to start from.'),
        mask: file({ accept: 'image/*' }).optional().describe('White where it may be changed.'),
        width: z.int().min(64).max(2048).default(1024).describe('In pixels.'),
        height: z.int().min(64).max(2048).default(1024).describe('In pixels.'),
        num_outputs: z.int().min(1).max(4).default(1).describe('How many images to make.'),
        scheduler: z.enum(['DDIM', 'K_EULER', 'K_EULER_ANCESTRAL', 'PNDM', 'KLMS', 'DPM']).default('K_EULER'),
        num_inference_steps: z.int().min(1).max(500).default(50).describe('More take longer.'),
        guidance_scale: z.number().min(1).max(50).default(7.5).describe('How closely to keep to the prompt.'),
        prompt_strength: z.number().min(0).max(1).default(0.8).describe('1 gives up the image.'),
        seed: z.int().optional().describe('Leave it blank for one at random.'),
        refine: z.enum(['none', 'expert', 'base']).default('none').describe('Which refiner to use.'),
        high_noise_frac: z.number().min(0).max(1).default(0.8).describe('Where the expert takes over.'),
        refine_steps: z.int().optional().describe('For the base refiner.'),
        apply_watermark: z.boolean().default(true).describe('So that it can be told apart later.'),
        lora_scale: z.number().min(0).max(1).default(0.6).describe('Only for trained models.'),
        disable_safety_checker: z.boolean().default(false).describe('At your own risk.'),
        output_format: z.enum(['webp', 'jpg', 'png']).default('webp').describe('Of the images.'),
        weights: z.array(z.number()).default([1, 0.5]).describe('One for each prompt, as JSON.'),
      }),
      output: z.string(),
      run: ({ prompt }) => prompt,
    })`,
}

/** Models that differ in their names alone. */
export function manyModels(count: number): Record<string, string> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return Object.fromEntries(
    numbers.map((number) => [
      `many-${number}`,
      twentyFields.fields.replace("'bench/fields'", `'bench/many-${number}'`),
    ]),
  )
}

/** A model that makes much and takes much. */
export const heavy = {
  heavy: `
    import { defineModel, file, z } from 'sandpit/model'
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    export const heavy = defineModel({
      name: 'bench/heavy',
      description: 'Makes long texts and many pictures.',
      input: z.object({
        make: z.enum(['megabyte', 'gallery', 'nothing']).default('nothing'),
        text: z.string().default(''),
        data: z.array(z.number()).default([]),
        file: file().optional(),
      }),
      output: z.object({ text: z.string(), pictures: z.array(file()) }),
      async run({ make }, ctx) {
        const count = make === 'gallery' ? 200 : 0
        const pictures = Array.from({ length: count }, (_, at) =>
          ctx.file(pixel, { name: 'picture-' + at + '.png' }))
        return {
          text: make === 'megabyte' ? 'Some **words** of a text.\\n\\n'.repeat(38_000) : 'done',
          pictures: await Promise.all(pictures),
        }
      },
    })`,
}
