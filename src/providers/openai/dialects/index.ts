import type { Dialect } from './dialect.ts'
import { llama } from './llama.ts'
import { lmStudio } from './lm-studio.ts'
import { ollama } from './ollama.ts'
import { litellm, openAi, other, sglang, tgi, vllm } from './others.ts'

/** In the order in which a server is looked at: those that the list of models tells come first. */
export const dialects: readonly Dialect[] = [
  openAi,
  llama,
  vllm,
  sglang,
  ollama,
  tgi,
  lmStudio,
  litellm,
  other,
]
