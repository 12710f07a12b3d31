import type { Abilities } from '../servers/abilities.ts'
import { choice, file, files, type Inputs, number, text, whole } from './inputs.ts'

/** Pictures from a text. With pictures to start from, they are edited. */
export function imageInputs({ dialect }: Abilities): Inputs {
  const isOpenAi = dialect === 'openai'
  return {
    inputs: {
      prompt: text('What to draw.'),
      ...(isOpenAi ? { images: files('Pictures to start from.', 'image/*', 8) } : {}),
      n: whole('How many pictures.', 1, { maximum: 10 }),
      size: text('Width and height in pixels: 1024x1024.', { maxLength: 20 }),
      ...(isOpenAi
        ? {
            quality: choice('How much work to put in.', ['auto', 'low', 'medium', 'high']),
            background: choice('Behind the subject.', ['auto', 'transparent', 'opaque']),
            output_format: choice('The format of the files.', ['png', 'jpeg', 'webp']),
          }
        : {}),
    },
    required: ['prompt'],
  }
}

export function speechInputs(): Inputs {
  return {
    inputs: {
      input: text('The text to say.', { maxLength: 4_096 }),
      voice: text('The name of a voice of the model: alloy.', { maxLength: 200, default: 'alloy' }),
      response_format: choice('The format of the file.', ['mp3', 'opus', 'aac', 'flac', 'wav']),
      speed: number('How fast to speak.', 0.25, 4),
      instructions: text('How to say it.'),
    },
    required: ['input'],
  }
}

export function transcriptionInputs(): Inputs {
  return {
    inputs: {
      file: file('The recording.', 'audio/*,video/*'),
      language: text('The language that is spoken: en.', { maxLength: 20 }),
      prompt: text('Words that occur in it, and how they are spelled.'),
      temperature: number('Higher guesses more.', 0, 1),
    },
    required: ['file'],
  }
}
