import type { JsonObject } from '../../../domain/json/json.ts'
import type { Abilities, DialectName } from '../servers/abilities.ts'
import { choice, file, files, type Inputs, number, text, texts, whole } from './inputs.ts'

/** The most pictures of one question. */
const mostPictures = 8

/** How a chat model is asked. `prompt` or `messages` is needed, which the run says: a form cannot. */
export function chatInputs(abilities: Abilities): Inputs {
  const { pictures, audio, reasoning, dialect } = abilities
  const inputs: Record<string, JsonObject> = {
    prompt: text('What to ask. After messages, it is the next one.'),
    ...(pictures ? { images: files('Pictures to ask about.', 'image/*', mostPictures) } : {}),
    ...(audio ? { audio: file('Audio to ask about: WAV or MP3.', 'audio/*') } : {}),
    system_prompt: text('How the model is to behave.'),
    messages: {
      type: 'array',
      items: { type: 'object' },
      description:
        'The conversation so far: a list of {"role": "user" or "assistant", "content": "…"}.',
    },
    max_tokens: mostTokens(abilities),
    ...(reasoning === 'effort' ? { reasoning_effort: choice(effortText, efforts) } : {}),
    ...(reasoning === 'switch' ? { thinking: thinkingInput } : {}),
    ...samplingOf(abilities),
    json_schema: {
      type: 'object',
      description: 'A JSON schema. The answer is then JSON that fits it.',
    },
    ...(dialect === 'ollama' ? { num_ctx: whole(contextText, 1, upTo(abilities)) } : {}),
  }
  return { inputs, required: [] }
}

/** How a model that goes on with a text, and knows no conversation, is asked. */
export function completionInputs(abilities: Abilities): Inputs {
  const inputs = {
    prompt: text('The text to go on with.'),
    max_tokens: mostTokens(abilities),
    ...samplingOf(abilities),
  }
  return { inputs, required: ['prompt'] }
}

function mostTokens(abilities: Abilities): JsonObject {
  return whole('The most tokens of the answer.', 1, upTo(abilities))
}

function upTo({ context }: Abilities): JsonObject {
  return context === null ? {} : { maximum: context }
}

function samplingOf({ dialect, defaults }: Abilities): Readonly<Record<string, JsonObject>> {
  const sampling = Object.entries(samplingInputs(dialect)).map(([name, schema]) => {
    const fallback = defaults[name]
    return [name, fallback === undefined ? schema : { ...schema, default: fallback }] as const
  })
  return {
    ...Object.fromEntries(sampling),
    seed: whole('The same seed gives the same answer, where the server can.', 0),
    stop: texts('The answer ends before any of these texts.', { maxItems: 4 }),
  }
}

const efforts = ['low', 'medium', 'high']
const effortText = 'How long to reason before the answer.'
const contextText = 'The tokens of question and answer for which memory is set aside.'
const thinkingInput = { type: 'boolean', description: 'Whether to reason before the answer.' }

/** Without a default where the server does not tell one: what is not given is its choice. */
function samplingInputs(dialect: DialectName): Readonly<Record<string, JsonObject>> {
  const common = {
    temperature: number('Higher is more surprising.', 0, 2),
    top_p: number('Only the most likely tokens that are together this likely.', 0, 1),
  }
  const penalties = {
    presence_penalty: number('Higher avoids what was said already.', -2, 2),
    frequency_penalty: number('Higher avoids what was said often.', -2, 2),
  }
  if (!hasOwnSampling.has(dialect)) return { ...common, ...penalties }
  return {
    ...common,
    top_k: whole('Only so many of the most likely tokens.', 0),
    min_p: number('Only tokens that are this likely, beside the likeliest.', 0, 1),
    repeat_penalty: number('Above 1 avoids repetitions.', 0, 2),
    ...penalties,
  }
}

const hasOwnSampling: ReadonlySet<DialectName> = new Set([
  'ollama',
  'llama',
  'vllm',
  'sglang',
  'lm-studio',
])
