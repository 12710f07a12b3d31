import { formatJson } from '../../../../domain/json/json.ts'
import type { InputFiles } from '../files.ts'
import type { ServerRunOptions } from '../options.ts'
import { createPictures } from '../pictures/pictures.ts'
import type { Task } from '../task.ts'
import { readAnswer } from './answer.ts'
import { chatBody, completionBody } from './body.ts'
import { conversationOf } from './messages.ts'

/** Asks a chat model. Throws `NotSendable`. */
export async function createChatTask(options: ServerRunOptions, files: InputFiles): Promise<Task> {
  const { run } = options
  const pictures = createPictures({ ...options, files })
  const messages = await conversationOf({ input: run.input, files, pictures })
  return {
    async request({ serving, served }) {
      const dialect = serving.dialect.name
      const body = chatBody({ dialect, model: served.id, messages, input: run.input })
      const path = dialect === 'ollama' ? '/api/chat' : '/chat/completions'
      return { path, body: formatJson(body) }
    },
    read: (answer) => readAnswer(answer, options),
  }
}

/** Has a model go on with a text. */
export function createCompletionTask(options: ServerRunOptions): Task {
  const { input } = options.run
  return {
    async request({ serving, served }) {
      const body = completionBody({ dialect: serving.dialect.name, model: served.id, input })
      return { path: '/completions', body: formatJson(body) }
    },
    read: (answer) => readAnswer(answer, options),
  }
}
