import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server'
import type { StoredFile } from '../../domain/file/file.ts'
import { beginning } from '../../domain/json/excerpt.ts'
import { formatJson, type Json } from '../../domain/json/json.ts'
import { jsonLength, mapStrings } from '../../domain/json/walk.ts'
import { filesIn } from '../../domain/output/output-file.ts'
import { streamEnd } from '../../domain/prediction/api-status.ts'
import { isWaiting, type Prediction } from '../../domain/prediction/prediction.ts'
import { openFile } from '../../files/files.ts'
import { contentAddress } from '../api/predictions/prediction-answer.ts'
import { withAddresses } from '../api/predictions/prediction-json.ts'
import { outputText } from '../files/output-formats.ts'
import { originOf } from '../request/page.tsx'
import { type Call, errorResult } from './call.ts'
import { plainJson } from './plain-json.ts'

/**
 * Hosts cut results of about 25,000 tokens, and of about a megabyte, above which the client in Python takes none. A
 * text is sent twice, and media take a third more as base64.
 */
const most = { textUnits: 60_000, mediaBytes: 450_000, inlineUnits: 2_000, files: 20, pictures: 4 }

/** A prediction as the result of a tool: its output as text, pictures to look at, and links to files. */
export async function predictionResult(
  call: Call,
  prediction: Prediction,
): Promise<CallToolResult> {
  const page = pageOf(call, prediction)
  const end = streamEnd(prediction)
  const known = { id: prediction.id, status: prediction.status, prediction: page }
  if (!end) return { ...stillRunning(prediction, page), structuredContent: known }
  if (end.error !== null || end.done.reason) {
    const sentence = end.error ?? 'The run was canceled.'
    return { ...errorResult(`${sentence}\n\nPrediction: ${page}`), structuredContent: known }
  }
  const files = filesIn(prediction.output, prediction.files)
    .filter((file) => 'ref' in file)
    .filter(({ ref }) => ref !== prediction.excerpt?.ref)
  const text = await beginningOfText(call.deps, prediction)
  const shown = text === null ? shownOutput(call, prediction) : shownText(text)
  const content: ContentBlock[] = [
    ...textBlocks(call, prediction, text, shown),
    ...(await mediaBlocks(call, files)),
    ...files.slice(0, most.files).map((file) => linkTo(call, file)),
    { type: 'text', text: `Prediction: ${page}` },
  ]
  return {
    content,
    structuredContent: shown === undefined ? known : plainJson({ ...known, output: shown }),
  }
}

/** The result while a run goes on: clients give up after a minute. */
function stillRunning(prediction: Prediction, page: string): CallToolResult {
  const { id, progress } = prediction
  const how = progress?.label ?? (isWaiting(prediction) ? 'it waits to start' : 'it runs')
  const text = `Still running: ${how}. Call get_prediction with the id ${id} to wait for the result. Do not run the model again.\n\nPrediction: ${page}`
  return { content: [{ type: 'text', text }] }
}

function pageOf({ c, deps }: Call, { id }: Prediction): string {
  return originOf(c, deps) + deps.paths.prediction(id)
}

function addressOf({ c, deps }: Call, file: StoredFile): string {
  return contentAddress(deps, originOf(c, deps), file)
}

/** A text in one piece, though it was made in many; undefined when it is too large for a result. */
function shownText(text: string): string | undefined {
  return text.length > most.textUnits ? undefined : text
}

/** The output with the addresses of its files; undefined when it is too large for a result. */
function shownOutput(call: Call, prediction: Prediction): Json | undefined {
  if (prediction.excerpt) return undefined
  const links = { file: (file: StoredFile) => addressOf(call, file) }
  const output = mapStrings(withAddresses(prediction.output, prediction, links), withoutContent)
  return jsonLength(output, most.textUnits) > most.textUnits ? undefined : output
}

/** A `data:` URI is named by its beginning: its content means nothing to a language model. */
function withoutContent(text: string): string {
  if (text.length <= most.inlineUnits || !/^data:/i.test(text)) return text
  return `${text.slice(0, 60)}… (${text.length} characters)`
}

function textBlocks(
  { c, deps }: Call,
  prediction: Prediction,
  text: string | null,
  shown: Json | undefined,
): readonly ContentBlock[] {
  if (text === null)
    return shown === undefined || shown === null ? [] : [{ type: 'text', text: formatJson(shown) }]
  if (text.length <= most.textUnits) return [{ type: 'text', text }]
  const whole = originOf(c, deps) + deps.paths.outputText(prediction.id)
  const note = `[Cut after ${most.textUnits} characters. All of it: ${whole}]`
  return [{ type: 'text', text: `${beginning(text, most.textUnits)}\n\n${note}` }]
}

/** The output as text, of a large one the beginning; null when it is none. */
async function beginningOfText({ files, store }: Call['deps'], prediction: Prediction) {
  const text = await outputText(prediction, { files, store })
  if (typeof text === 'string' || text === null) return text
  const decoder = new TextDecoder()
  let read = ''
  for await (const chunk of text) {
    read += decoder.decode(chunk, { stream: true })
    if (read.length > most.textUnits) break
  }
  return read
}

/** Those that language models take. */
const plainPictures = /^image\/(?:png|jpeg|gif|webp)$/

/** Pictures, small enough to be looked at, and short recordings. */
async function mediaBlocks(
  { deps }: Call,
  files: readonly StoredFile[],
): Promise<readonly ContentBlock[]> {
  const blocks: ContentBlock[] = []
  const media = files.filter(({ type }) => /^(?:image|audio)\//.test(type))
  for (const file of media.slice(0, most.pictures)) {
    const isPicture = file.type.startsWith('image/')
    const small = isPicture ? await deps.thumbnails.of(file) : null
    const isPlain = !isPicture || plainPictures.test(file.type)
    const bytes = small ?? (isPlain ? await contentOf(deps, file) : null)
    if (!bytes || bytes.byteLength > most.mediaBytes / media.length) continue
    const mimeType = small ? 'image/jpeg' : file.type
    const data = Buffer.from(bytes).toString('base64')
    blocks.push({ type: isPicture ? 'image' : 'audio', data, mimeType })
  }
  return blocks
}

async function contentOf({ files }: Call['deps'], file: StoredFile): Promise<Uint8Array | null> {
  if (file.size > most.mediaBytes) return null
  const content = await openFile(files, file)
  return content && new Uint8Array(await new Response(content).arrayBuffer())
}

function linkTo(call: Call, file: StoredFile): ContentBlock {
  const { name, type, size } = file
  return { type: 'resource_link', uri: addressOf(call, file), name, mimeType: type, size }
}
