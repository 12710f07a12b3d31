import { extensionOf } from '../../../../domain/file/extensions.ts'
import { fileUri } from '../../../../domain/file/file.ts'
import { formatJson, type Json } from '../../../../domain/json/json.ts'
import { collect } from '../../../upstream/collect.ts'
import { RequestError } from '../../../upstream/request-error.ts'
import type { ServerRunOptions } from '../options.ts'
import { jsonIn } from '../send.ts'
import type { Task } from '../task.ts'
import { reportUnexpected } from './json-answer.ts'

const names = ['input', 'voice', 'response_format', 'speed', 'instructions']

/** Says a text. The response is the file. */
export function createSpeechTask({ run, limits }: ServerRunOptions): Task {
  return {
    async request({ served }) {
      const given = names.flatMap((name): [string, Json][] => {
        const value = run.input[name]
        return value === undefined || value === null || value === '' ? [] : [[name, value]]
      })
      const body = formatJson({ model: served.id, ...Object.fromEntries(given) })
      return { path: '/audio/speech', body }
    },
    async *read(answer) {
      const { type, body } = answer.response
      if (type === 'application/json') {
        const json = jsonIn((await collect(body, limits.maxLineUnits)).toString('utf8'))
        return yield* reportUnexpected(answer, json)
      }
      if (!/^audio\/|^application\/octet-stream$/.test(type))
        return yield* reportUnexpected(answer, undefined)
      const name = `speech.${extensionOf(type)}`
      const file = await run.keepFile(bounded(body, limits.maxAnswerBytes), name)
      yield { type: 'emitted', index: 0, chunks: [fileUri(file)], files: [file] }
      yield { type: 'succeeded' }
    },
  }
}

async function* bounded(body: AsyncIterable<Uint8Array>, most: number) {
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > most)
      throw new RequestError(`its response is larger than ${Math.round(most / 2 ** 20)} MB`, true)
    yield chunk
  }
}
