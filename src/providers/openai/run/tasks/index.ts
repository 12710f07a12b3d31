import type { Kind } from '../../servers/abilities.ts'
import { createChatTask, createCompletionTask } from '../chat/chat.ts'
import type { InputFiles } from '../files.ts'
import type { ServerRunOptions } from '../options.ts'
import type { Task } from '../task.ts'
import { createEmbeddingTask } from './embeddings.ts'
import { createImageTask } from './images.ts'
import { createRerankTask } from './rerank.ts'
import { createSpeechTask } from './speech.ts'
import { createTranscriptionTask } from './transcription.ts'

type MakesTask = (options: ServerRunOptions, files: InputFiles) => Task | Promise<Task>

/** How each kind of model is asked. They throw `NotSendable` for an input that it cannot be asked with. */
export const tasks: Readonly<Record<Kind, MakesTask>> = {
  chat: createChatTask,
  completion: createCompletionTask,
  embedding: createEmbeddingTask,
  rerank: createRerankTask,
  image: createImageTask,
  speech: createSpeechTask,
  transcription: createTranscriptionTask,
}
