import { openAsBlob } from 'node:fs'
import { upstreamType } from '../../../../domain/file/media-type.ts'
import { objectIn } from '../../../../domain/json/parts.ts'
import { collect } from '../../../upstream/collect.ts'
import type { InputFiles } from '../files.ts'
import { NotSendable } from '../not-sendable.ts'
import type { ServerRunOptions } from '../options.ts'
import { jsonIn } from '../send.ts'
import type { Task } from '../task.ts'
import { jsonBytes, reportTokens, reportUnexpected } from './json-answer.ts'

const names = ['language', 'prompt', 'temperature']

/** Writes down what is said in a recording. Throws `NotSendable`. */
export async function createTranscriptionTask(
  { run, limits }: ServerRunOptions,
  files: InputFiles,
): Promise<Task> {
  const [file] = files.filesIn(run.input.file)
  if (!file) throw new NotSendable('file: Choose a recording.')
  const path = await files.copy(file, 'file')
  return {
    async request({ served }) {
      const { FormData } = await import('undici')
      const form = new FormData()
      form.append('model', served.id)
      form.append('response_format', 'json')
      for (const name of names) {
        const value = run.input[name]
        if (value !== undefined && value !== null && value !== '') form.append(name, String(value))
      }
      form.append('file', await openAsBlob(path, { type: upstreamType(file) }), file.name)
      return { path: '/audio/transcriptions', body: form }
    },
    async *read(answer) {
      const { type, body } = answer.response
      if (type === 'text/plain') {
        const text = (await collect(body, limits.maxLineUnits)).toString('utf8')
        yield { type: 'emitted', index: 0, chunks: [text] }
        return yield { type: 'succeeded' }
      }
      const bytes = await jsonBytes(answer, { ...limits, maxAnswerBytes: limits.maxLineUnits })
      const json = bytes ? jsonIn(bytes.toString('utf8')) : undefined
      const { text = null, ...rest } = objectIn(json)
      if (text === null) return yield* reportUnexpected(answer, json)
      yield { type: 'emitted', index: 0, chunks: [text] }
      yield* reportTokens(rest)
      yield { type: 'succeeded' }
    },
  }
}
