import { openAsBlob } from 'node:fs'
import type { FormData } from 'undici'
import { fileUri } from '../../../../domain/file/file.ts'
import { formatJson, type Json, type JsonObject } from '../../../../domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../../domain/json/parts.ts'
import type { Occurrence } from '../../../../domain/prediction/event.ts'
import { createDownloads } from '../../../downloads.ts'
import { createResponseReader, type ResponseReader } from '../../../response-reader.ts'
import type { InputFiles } from '../files.ts'
import type { ServerRunOptions } from '../options.ts'
import type { Slot } from '../place.ts'
import type { Answer, Task } from '../task.ts'
import { jsonBytes, reportTokens, reportUnexpected } from './json-answer.ts'

/** Draws pictures, or edits those that it is given. A worker writes them to files. */
export function createImageTask(options: ServerRunOptions, files: InputFiles): Task {
  const { run, folder, limits } = options
  const given = files.filesIn(run.input.images)
  const isEdit = given.length > 0

  async function editForm({ served }: Slot): Promise<FormData> {
    const { FormData } = await import('undici')
    const form = new FormData()
    for (const [name, value] of Object.entries(membersOf(run.input, served.id)))
      form.append(name, String(value))
    for (const file of given) {
      const blob = await openAsBlob(await files.copy(file, 'images'), { type: file.type })
      form.append('image[]', blob, file.name)
    }
    return form
  }

  return {
    async request(slot) {
      if (isEdit) return { path: '/images/edits', body: await editForm(slot) }
      const body = formatJson(membersOf(run.input, slot.served.id))
      return { path: '/images/generations', body }
    },
    async *read(answer) {
      const bytes = await jsonBytes(answer, limits)
      const responses = createResponseReader({ run, folder, addresses: 'all', shape: 'images' })
      try {
        const { json } = bytes ? await responses.read(bytes) : { json: undefined }
        const pictures = listIn(objectIn(json).output).filter((one) => textIn(one) !== '')
        if (pictures.length === 0) return yield* reportUnexpected(answer, json)
        yield* reportPictures(pictures.map(textIn), answer, responses, options)
        yield* reportTokens(objectIn(json))
        yield { type: 'succeeded' }
      } finally {
        await responses.close()
      }
    },
  }
}

const names = ['prompt', 'n', 'size', 'quality', 'background', 'output_format']

function membersOf(input: JsonObject, model: string): JsonObject {
  const given = names.flatMap((name): [string, Json][] => {
    const value = input[name]
    return value === undefined || value === null || value === '' ? [] : [[name, value]]
  })
  // Newer models of OpenAI always answer so, and refuse the member.
  const format = /gpt-image|image-1/.test(model) ? {} : { response_format: 'b64_json' }
  return { model, ...Object.fromEntries(given), ...format }
}

/** Keeps the pictures that the response holds, and those that it links to. */
async function* reportPictures(
  pictures: readonly string[],
  { slot: { server } }: Answer,
  responses: ResponseReader,
  { run, guard, client, limits }: ServerRunOptions,
): AsyncGenerator<Occurrence> {
  const { origin } = new URL(server.base)
  const downloads = createDownloads({
    keepFile: run.keepFile,
    async open(url, ends) {
      // What the server itself has may be at a private address.
      if (URL.parse(url)?.origin !== origin) return guard.fetch(url, limits.maxAnswerBytes, ends)
      const { body } = await client.file(url, ends)
      return { name: 'output.png', content: body }
    },
    isRetryable: () => false,
    retryMs: limits.waitMs,
    budgetMs: limits.copyMs,
    signal: run.signal,
  })
  const links = pictures.filter((one) => /^https?:/i.test(one))
  const copied = await downloads.fetchAll(links)
  const held = await responses.inlineFilesIn([...pictures])
  const output = pictures.map((one) => {
    const file = copied.get(one)
    return file ? fileUri(file) : one
  })
  yield { type: 'emitted', index: 0, chunks: [output], files: [...held, ...copied.values()] }
}
