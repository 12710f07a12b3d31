import { createParser } from 'eventsource-parser'
import { describe, expect, it } from 'vitest'
import { serverAddress } from '../../src/domain/address.ts'
import { valueChanges } from '../../src/domain/difference/value-changes.ts'
import { wordChanges } from '../../src/domain/difference/word-changes.ts'
import { dataUriBytes, readDataUri } from '../../src/domain/file/data-uri.ts'
import { fileRef, fileUri, mapFiles, safeFileName } from '../../src/domain/file/file.ts'
import { type FieldKind, fieldTypeOf } from '../../src/domain/form/fields/index.ts'
import { readAsForm } from '../../src/domain/form/form-json.ts'
import { readInput } from '../../src/domain/form/input.ts'
import { linkedForm, readForm } from '../../src/domain/form/read-form.ts'
import { openComparison, readComparison } from '../../src/domain/group/compared-form.ts'
import { compareModels } from '../../src/domain/group/comparison.ts'
import { countCells, readSweepForm } from '../../src/domain/group/sweep-form.ts'
import { headOf, pageBytes, shortened, tailOf } from '../../src/domain/json/excerpt.ts'
import { formatJson, type Json, type JsonObject, parseJson } from '../../src/domain/json/json.ts'
import { outlineOf } from '../../src/domain/json/outline.ts'
import { mapStrings, someValue, stringsIn } from '../../src/domain/json/walk.ts'
import { appAddress } from '../../src/domain/model/addresses/app-address.ts'
import {
  imageName,
  imageText,
  isImageName,
  placeOf,
} from '../../src/domain/model/addresses/image-name.ts'
import { readCollection } from '../../src/domain/model/collection-texts.ts'
import {
  type EditTexts,
  editErrors,
  plainTexts as plainEditTexts,
} from '../../src/domain/model/edit-texts.ts'
import { foundText } from '../../src/domain/model/found-text.ts'
import { makes } from '../../src/domain/model/makes.ts'
import { matchOf, queryWords } from '../../src/domain/model/search.ts'
import { indexedTexts, plainTexts } from '../../src/domain/model/search-text.ts'
import { textInputs } from '../../src/domain/model/text-model.ts'
import { parseModelRef } from '../../src/domain/model-ref.ts'
import { fileFinder, filesIn, uniqueNames } from '../../src/domain/output/output-file.ts'
import { firstRows, tableOf } from '../../src/domain/output/table.ts'
import { valueOutput, writingOf } from '../../src/domain/output/value-output.ts'
import { readNamespaces } from '../../src/domain/people/given-namespaces.ts'
import { handleFrom } from '../../src/domain/people/handle.ts'
import { returnAddress } from '../../src/domain/people/return-address.ts'
import { recordJson } from '../../src/domain/prediction/record.ts'
import { searchedWords, searchWords } from '../../src/domain/prediction/search-words.ts'
import { seedIn } from '../../src/domain/prediction/seed.ts'
import { parsePosition } from '../../src/domain/prediction/stream-position.ts'
import { snippetOf } from '../../src/domain/prediction/summary.ts'
import { terminalText } from '../../src/domain/prediction/terminal-text.ts'
import { progressIn } from '../../src/domain/prediction/tqdm.ts'
import { readSchema } from '../../src/domain/schema/schema.ts'
import { withoutSecrets } from '../../src/domain/schema/typed-secrets.ts'
import { bibTex, linkedDataText } from '../../src/domain/snippet/citation.ts'
import { nodeText, shellText } from '../../src/domain/snippet/literal.ts'
import { createLogTail } from '../../src/engine/instances/log-tail.ts'
import { jsonLines } from '../../src/engine/json-lines.ts'
import { logLines } from '../../src/engine/log-frames.ts'
import {
  challengeParts,
  labelsIn,
  manifestIn,
  ownManifest,
} from '../../src/engine/registry-answers.ts'
import { firstFile } from '../../src/engine/tar.ts'
import { sniffType } from '../../src/files/sniff.ts'
import { readLabels } from '../../src/providers/cog/images/labels.ts'
import { readContainerPrediction } from '../../src/providers/cog/run/container-prediction.ts'
import { refusalSentence } from '../../src/providers/cog/run/refusal.ts'
import { addressIn } from '../../src/providers/comfyui/address.ts'
import { readMessage as promptMessage } from '../../src/providers/comfyui/run/message.ts'
import { readWorkflow } from '../../src/providers/comfyui/workflow/workflow.ts'
import { createEventStreamDecoder } from '../../src/providers/event-stream-decoder.ts'
import { readConfig } from '../../src/providers/gradio/apps/read-app.ts'
import { messageIn as gradioMessage } from '../../src/providers/gradio/run/messages.ts'
import { refusalSentence as appRefusal } from '../../src/providers/gradio/run/refusal.ts'
import { fieldOf } from '../../src/providers/gradio/schemas/field.ts'
import { plainName } from '../../src/providers/gradio/schemas/names.ts'
import { abilitiesById } from '../../src/providers/openai/dialects/by-id.ts'
import {
  createEventReader,
  createLineReader,
  type PartReader,
} from '../../src/providers/openai/run/chat/reader.ts'
import { failureOf, messageIn } from '../../src/providers/openai/run/refusal.ts'
import { nameOf } from '../../src/providers/openai/servers/names.ts'
import { refusal } from '../../src/providers/replicate/refusal.ts'
import { dataIn } from '../../src/providers/replicate/run/inputs.ts'
import { predictionMarkdown } from '../../src/routes/api/predictions/prediction-markdown.ts'
import { readBatch } from '../../src/routes/batch/read-batch.ts'
import { csvOf } from '../../src/routes/files/csv.ts'
import { fileRefInPath } from '../../src/routes/forms/file-addresses.ts'
import { boundaryOf } from '../../src/routes/forms/multipart.ts'
import { dayIn } from '../../src/routes/history/days.ts'
import { toolSchema } from '../../src/routes/mcp/tools/schema.ts'
import { chatInput } from '../../src/routes/openai/chat/input.ts'
import { readChatRequest } from '../../src/routes/openai/chat/request.ts'
import { createRedaction } from '../../src/runner/run/redaction.ts'
import { identityFrom } from '../../src/sign-in/providers/identity.ts'
import { inTurns } from '../../src/sleep.ts'
import { parseCursor } from '../../src/store/kysely/cursor.ts'
import { markdownHtml } from '../../views/markdown.tsx'
import { frame } from '../support/containers/frames.ts'
import { fileOf, predictionOf, schemasWith, uriOf, versionOf } from '../support/domain.ts'

const manyFiles = Array.from({ length: 4_000 }, (_, at) => fileOf(at))

/**
 * Functions that read untrusted text. A new reader is a line here: it is fed
 * with every hostile text below, and with four times as much of it.
 */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'the handle of a person': (text) => handleFrom(text),
  'owner names that are given by hand': (text) => readNamespaces(text),
  'the address to return to': (text) => returnAddress(`/${text}`, ''),
  'the claims of a person': (text) =>
    identityFrom(
      { groups: text, name: text, email: text, hd: text },
      { issuer: 'a', subject: 'b', groupsClaim: 'groups', idToken: null },
    ),
  'the words of two texts': (text) => wordChanges(text, `x ${text} y`),
  'references to files': (text) => {
    const some = manyFiles.slice(0, text.length / 16)
    return mapFiles([text, ...some.map(fileUri)], some, ({ name }) => name)
  },
  'the name of an image': (text) =>
    ['', 'a/', 'a:', 'a@sha256:', 'a.b/'].map((start) => {
      const name = imageName(`${start}${text}`)
      return name && [isImageName(text), imageText(name), placeOf(name)]
    }),
  'the labels of an image': (text) =>
    readLabels(
      {
        'run.cog.version': text,
        'run.cog.config': formatJson({ build: { gpu: text }, concurrency: { max: text } }),
        'run.cog.openapi_schema': formatJson(documentOf(text)),
      },
      async (label) => parsed(label),
    ),
  'a label of an image that is no JSON': (text) =>
    readLabels({ 'run.cog.openapi_schema': text }, async (label) => parsed(label)),
  'the challenge of a registry': (text) => [
    challengeParts(text),
    challengeParts(`Bearer realm="${text}",service="${text}"`),
  ],
  'the answers of a registry': (text) => {
    const platform = { os: text, architecture: text }
    const manifests = text.split('').map((digest) => ({ platform, digest }))
    const layers = manifests.map(({ digest }) => ({ digest, size: digest.length }))
    return [
      ownManifest({ manifests }, platform),
      manifestIn({ config: { digest: `sha256:${'a'.repeat(64)}` }, layers }),
      labelsIn({ config: { Labels: { [text]: text, a: text } } }),
    ]
  },
  'lines of a container engine': (text) => readAll(jsonLines(inPieces(text, 64))),
  'the log of a container': (text) =>
    readAll(logLines(inPieces(text.match(/.{1,500}/gsu)?.map((part) => frame(1, part)) ?? [], 64))),
  'the last lines of a container': (text) => {
    const tail = createLogTail()
    for (const line of text.split('\n')) tail.add(line)
    for (const unit of text) tail.add(unit)
    return [tail.text(), tail.last()]
  },
  'a file of a tar archive': (text) => firstFile(Buffer.from(text)),
  'the paths of two values': (text) =>
    inTurns(
      valueChanges({ [text]: [text], a: text.split('') }, { [text]: [`${text}x`], a: [text] }, 99),
    ),
  'a record and its citation': (text) => {
    const files = [fileOf(1, { name: text })]
    const prediction = predictionOf({ input: { [text]: text, a: uriOf(1) }, output: text, files })
    const cited = { prediction, address: text, sha256: text, day: text }
    const record = recordJson(prediction, readSchema(schemasWith({ [text]: { default: text } })))
    return [record, bibTex(cited), linkedDataText(cited)]
  },
  'the form of a collection': (text) =>
    readCollection({ slug: 'a', title: text, summary: text, models: text }),
  'the edit of a model': (text) => editErrors(plainEditTexts(editTextsOf(text)), editTextsOf('')),
  'the address of a ComfyUI server': (text) => addressIn(`http://a/${text}`),
  'a ComfyUI workflow': (text) => readWorkflow(text),
  'a message of ComfyUI': (text) =>
    promptMessage(formatJson({ type: 'executing', data: { node: text, prompt_id: 'a' } }), 'a'),
  'the address of a Gradio app': (text) => appAddress(`http://${text}#${text}`),
  'the configuration of a Gradio app': (text) =>
    readConfig({
      ...{ version: text, api_prefix: `/${text}`, protocol: 'sse_v3' },
      ...{ components: [{ type: text }], dependencies: [{ api_name: text }] },
    }),
  'a parameter of a Gradio app': (text) =>
    fieldOf(
      { label: text, type: { type: 'string' } },
      { info: text, choices: [[text, text]], file_types: [text] },
    ),
  'the name of a Gradio app': (text) => plainName(text),
  'a message of a Gradio app': (text) =>
    gradioMessage({ msg: 'log', log: text, title: text }, text.length),
  'a refusal of a Gradio app': (text) => appRefusal(422, { detail: [{ msg: text }, text] }),
  'a number': field({ type: 'number' }),
  'an integer between bounds': field({ type: 'integer', minimum: 0, maximum: 9 }),
  'a text': field({ type: 'string', maxLength: 2_000 }),
  'a line': field({ type: 'string', maxLength: 80 }),
  'a choice': field({ enum: ['a', 'b', 1] }),
  'true or false': field({ type: 'boolean' }),
  'a date': field({ type: 'string', format: 'date' }),
  'a time': field({ type: 'string', format: 'time' }),
  'a date and time': field({ type: 'string', format: 'date-time' }),
  'a colour': field({ type: 'string', format: 'color' }),
  'a file': field({ type: 'string', format: 'uri' }),
  'free JSON': field({}),
  'a list': field({ type: 'array', items: { type: 'number' } }),
  'a secret': field({ type: 'string', format: 'password' }),
  'a secret number': field({ type: 'number', format: 'password' }),
  'a logged seed': seedIn,
  'the JSON view': (text) => readAsForm(anySchema, text, []),
  'broken JSON with secrets': (text) => withoutSecrets(secretSchema, null, text),
  'an input of the API': (text) => readInput(anySchema, { number: text, list: [text], file: text }),
  'numbers of a sweep': (text) => sweepOf('number', text),
  'texts of a sweep': (text) => sweepOf('free', text),
  'a comparison in a link': (text) => comparedWith(text),
  'rows of CSV': (text) => rowsOf(`number,list,file,free\n${text}`),
  'rows of JSON': (text) => rowsOf(`{"free":${text}}\n{${text}`),
  'a request of a chat': chatOf,
  'the arguments of a tool': (text) =>
    toolSchema(
      readSchema(schemasWith({ [text]: { type: 'string', description: text, default: text } })),
    ),
  'stored JSON': (text) => parsed(text),
  'JSON text, and back': (text) => formatJson(parsed(JSON.stringify(text))),
  'texts within JSON': (text) => walked(text.split('')),
  'a file name': safeFileName,
  'names of files': (text) => uniqueNames([{ name: text }, { name: text }]),
  'a reference': fileRef,
  'a path of ours': fileRefInPath,
  'a model name': parseModelRef,
  'a search for predictions': searchedWords,
  'words to search': (text) => searchWords({ ...made, input: { text }, output: [text, text] }),
  'a snippet': (text) => snippetOf({ output: text, excerpt: null }),
  'a day': dayIn,
  'a search': (text) =>
    matchOf(plainTexts(searched(text)), queryWords(text), { inReadme: true, similar: true }),
  'the text that a search found': (text) =>
    foundText(searched(text), { score: 1, text: 'readme', word: text.slice(0, 9) }),
  'what a model makes': (text) => makes({ ...described, description: text }),
  'the searched texts of a model': (text) => indexedTexts(searched(text)),
  'a cursor': parseCursor,
  'a place in a stream': parsePosition,
  'the boundary of a form': (text) => boundaryOf(`multipart/form-data; ${text}`),
  'first bytes': (text) => sniffType(Buffer.from(text)),
  logs: terminalText,
  progress: progressIn,
  'secrets in logs': (text) => redacted(text),
  'an excerpt': (text) => [headOf(text, 999), tailOf(text, 999), pageBytes(text), shortened(text)],
  'an outline': (text) => outlineOf([text, text.split('', 9_999)], 60_000),
  'a table': (text) => tabled([{ a: text }, { a: text, b: 1 }]),
  'an output': (text) => valueOutput(text, drawing),
  'kinds of text': (text) => writingOf(text, undefined),
  markdown: (text) => markdownHtml(text, { below: 1 }),
  'the address of a server': (text) => [
    serverAddress(text),
    serverAddress(`http://a/${text}#${text}`),
  ],
  'names for models of a server': (text) => [nameOf(text, 'vllm'), nameOf(`/${text}`, 'vllm')],
  'what a name tells of a model': (text) => abilitiesById(text, 'other'),
  'an error of a server': (text) => [
    messageIn({ detail: [{ loc: [text], msg: text }] }),
    failureOf(text),
  ],
  'server-sent events of a chat': (text) =>
    fedWith(createEventReader(2 ** 30), `data: ${text}\n\n`),
  'lines of a chat': (text) => fedWith(createLineReader(2 ** 30), `${text}\n`),
  'a prediction as markdown': (text) => predictionMarkdown({ input: { [text]: text } }, text),
  'files in an output': (text) => filesIn([text, `data:text/plain;${text}`], []),
  'data URIs': (text) => [readDataUri(`data:${text}`), dataUriBytes(`data:text/plain,${text}`)],
  'data for an upstream': (text) => dataIn(`data:${text}`),
  snippets: (text) => [nodeText(text), shellText(text)],
  'an answer of Cog': (text) =>
    readContainerPrediction({ status: 'failed', error: [text], logs: text }),
  'a refusal of Cog': (text) => refusalSentence({ detail: [{ loc: ['body', text], msg: text }] }),
  'a refusal of Replicate': (text) => refusal('it', 422, new Headers(), problem(text), 0),
  'a stream of events': (text) => events(text),
}

/** Pieces that are written over and over, what stands before all of them, and what comes after. */
const pieces = [
  ...[' ', '\t', '\n', '\r', '\u00a0', '\0', '\b', 'a', 'A ', '0', '.', '/', '\\', '-', '=', '_'],
  ...[
    '"',
    '\\"',
    "'",
    '`',
    '```\n',
    '~',
    '*',
    '**a',
    '_a_ ',
    '|',
    '|-',
    '<',
    '>',
    '&',
    '#',
    '# a\n',
  ],
  ...[
    '[',
    ']',
    '[]',
    '{',
    '{"a":',
    '{"":[',
    '(',
    '[a](',
    '](',
    '![',
    '<!--',
    '<!---->',
    '-->',
    '<a ',
  ],
  ...[
    '\u001b',
    '\u001b[',
    '\u001b[1',
    '\u001b]0',
    '\r\u001b[A',
    'a\b',
    '\rab',
    '%',
    '1%|',
    '[0<',
    '1/',
  ],
  ...[
    ',',
    ', ',
    ':',
    ';',
    ';a=',
    'data:',
    'sandpit:',
    'http://',
    'https://a.b ',
    'a@b.',
    'www.',
    'e1',
  ],
  ...[
    '\ud800',
    '\ud83d\ude00',
    '\u202e',
    '\u0301',
    'é',
    '- a\n',
    '> ',
    '1. a\n',
    '    ',
    'token":',
    'key=',
  ],
]
const heads = ['', '0', '"', '[', 'a']
const tails = ['', 'x', '"', ']', '!']

const small = 8_000
const large = 4 * small

/** Read first: what would take time without end fails here, and does not hang the test. */
const few = [20, 24, 28, 32, 38]
const short = 250

/** A short text that takes longer is read in vain: milliseconds of processor time. */
const endless = 60

/** Readers of long texts that are faster than this are not measured twice, in the same. */
const nothing = 30

/** Four times as much takes four times as long; sixteen times is not linear. */
const mostGrowth = 10

/** Only a reader that hangs takes as long, however busy the machine is. */
const hangs = 900_000

describe('the time to read grows with what is read', { timeout: hangs }, () => {
  it.each(Object.entries(readers))('%s', async (_name, read) => {
    for (const piece of pieces)
      for (const [at, head] of heads.entries()) {
        const tail = tails[at] ?? ''
        const make = (units: number) => hostile(head, piece, tail, units)
        const beginnings = [...few.map((times) => times * piece.length), short]
        expect(
          await endlessFrom(read, beginnings.map(make)),
          `${JSON.stringify(piece)} a few times`,
        ).toBeNull()
        const growth = await growthOf(read, make)
        expect(growth, `${JSON.stringify(piece)} again and again`).toBeLessThan(mostGrowth)
      }
  })
})

function hostile(head: string, piece: string, tail: string, units: number): string {
  return head + piece.repeat(Math.ceil(units / piece.length)) + tail
}

/** The length of the first of some short texts that takes too long; null when none does. */
async function endlessFrom(
  read: (text: string) => unknown,
  texts: readonly string[],
): Promise<number | null> {
  for (const text of texts) {
    let round = 0
    // Once it may be what is loaded, and once the collection of garbage.
    while (round < 3 && (await timed(read, text)) >= endless) round++
    if (round === 3) return text.length
  }
  return null
}

/** How many times as long four times as much takes; 0 where both are nothing. */
async function growthOf(
  read: (text: string) => unknown,
  make: (units: number) => string,
): Promise<number> {
  const least = { small: Infinity, large: Infinity }
  for (let round = 0; round < 6; round++) {
    least.large = Math.min(least.large, await timed(read, make(large)))
    if (least.large < nothing) return 0
    least.small = Math.min(least.small, await timed(read, make(small)))
    if (least.large / least.small <= mostGrowth) break
  }
  return least.large / least.small
}

/** Of this thread alone, so that others on the machine do not matter. */
async function timed(read: (text: string) => unknown, text: string): Promise<number> {
  const before = process.threadCpuUsage()
  try {
    await read(text)
  } catch {
    // A refusal counts as read.
  }
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

const made = { excerpt: null, files: [], iterates: true } as const
const ref = { owner: 'ada', name: 'model' }
const fileSchema = { type: 'string', format: 'uri' }
const described = { ref, version: versionOf({ schema: readSchema({ Output: fileSchema }) }) }
const searched = (text: string) => ({
  ref,
  description: text,
  readme: text,
  inputs: [text],
  examples: [text],
})
const drawing = {
  fileOf: fileFinder([], []),
  settled: true,
  schema: undefined,
  room: 100_000,
  depth: 0,
} as const
const problem = (text: string) =>
  JSON.stringify({ detail: text, invalid_fields: [{ field: text, description: text }] })

const anySchema = readSchema(
  schemasWith({
    number: { type: 'number' },
    list: { type: 'array', items: { type: 'string', maxLength: 5 } },
    file: { type: 'string', format: 'uri' },
    free: {},
  }),
)
const secretSchema = readSchema(
  schemasWith({ token: { type: 'string', format: 'password' }, key: { writeOnly: true } }),
)

/** A conversation for a model that takes messages, and for one that takes a prompt. */
function chatOf(text: string): void {
  const parts = [{ type: 'text', text }]
  const messages = ['system', 'user', 'assistant'].map((role) => ({ role, content: parts }))
  const request = readChatRequest({ model: 'a/b', messages, stop: [text], max_tokens: text })
  if (!request.ok) throw new Error(request.error.detail)
  for (const name of ['messages', 'prompt']) {
    const type = name === 'messages' ? 'array' : 'string'
    const schema = readSchema({ ...schemasWith({ [name]: { type } }), Output: { type: 'string' } })
    const inputs = textInputs(schema)
    if (inputs) chatInput(schema, inputs, request.value)
  }
}

/** All that is done with what somebody typed into one field, and with a link that fills it in. */
function field(schema: JsonObject): (text: string) => unknown {
  const read = readSchema(schemasWith({ it: schema }))
  const [property] = read.input
  if (!property) throw new Error('There is no field.')
  const type = fieldTypeOf(property) satisfies { kind: FieldKind }
  return (text) => [
    type.holds([text], property),
    type.show(text, property),
    readForm(read, new Map([['it', ['', text]]])),
    linkedForm(read, new Map([['it', [text]]])),
  ]
}

async function* bytesOf(text: string) {
  yield Buffer.from(text)
}

const sweepLimits = { most: 100, chance: (low: number) => low }

/** What is done with the values that somebody typed for an input. */
function sweepOf(name: string, text: string): unknown {
  const values = { varied: [{ name, typed: [text] }], inputs: new Map(), kept: [] }
  return [countCells(anySchema, values, sweepLimits), readSweepForm(anySchema, values, sweepLimits)]
}

/** What is done with the values of a comparison of two models. */
function comparedWith(text: string): unknown {
  const [one, other] = ['one', 'other'].map((name) => ({
    ref: { owner: 'ada', name },
    schema: anySchema,
    countsAs: {},
  }))
  if (!one || !other) throw new Error('There are no models.')
  const comparison = compareModels([one, other], (name) => name === text)
  const inputs = new Map(
    ['number', 'list', 'file', 'free', text, `ada/one.${text}`].map((name) => [name, [text]]),
  )
  const values = { inputs, kept: [] }
  return [openComparison(comparison, values), readComparison(comparison, values)]
}

/** All that a batch reads. */
function rowsOf(text: string) {
  return readBatch({
    schema: anySchema,
    name: 'rows.csv',
    content: bytesOf(text),
    mostRows: Number.POSITIVE_INFINITY,
    findFile: async () => null,
  })
}

/** The description that a container of Cog sends, with a text wherever it may have one. */
function documentOf(text: string) {
  const Input = { type: 'object', title: text, properties: { [text]: { description: text } } }
  const schemas = { Input, Output: { type: 'string', title: text } }
  return { openapi: text, info: { title: text, version: text }, paths: {}, components: { schemas } }
}

/** In chunks of a few bytes. */
async function* inPieces(sent: string | readonly Uint8Array[], bytes: number) {
  const whole = typeof sent === 'string' ? Buffer.from(sent) : Buffer.concat(sent)
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes)
}

async function readAll(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of items) count++
  return count
}

/** In pieces of the size that arrives at once. */
function fedWith({ feed }: PartReader, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 16_384) feed(bytes.subarray(at, at + 16_384))
}

function parsed(text: string): Json {
  try {
    return parseJson(text)
  } catch {
    return null
  }
}

function walked(json: Json): unknown {
  return [
    stringsIn(json),
    mapStrings(json, (text) => `${text}.`),
    someValue(json, (_value, level) => level > 1),
  ]
}

function editTextsOf(text: string): EditTexts {
  const [links, others] = [
    { github: text, paper: text, license: text },
    { cover: text, tags: text, example: text, visibility: text, countsAs: text },
  ]
  return { description: text, readme: text, ...links, ...others }
}

function redacted(text: string): string {
  // What is searched for is of limited length in all.
  const secrets = ['aaaaaaab', `${' '.repeat(2_000)}x`, '0'.repeat(3_000), text.slice(0, small)]
  const redaction = createRedaction(secrets)
  const half = text.length / 2
  return redaction
    ? redaction.push(text.slice(0, half)) + redaction.push(text.slice(half)) + redaction.end()
    : text
}

function tabled(rows: Json) {
  const table = tableOf(rows, () => false)
  return table && [csvOf(table), firstRows(table, 60_000)]
}

function events(text: string): number {
  let count = 0
  const parser = createParser({ onEvent: () => void count++ })
  const textOf = createEventStreamDecoder()
  const bytes = Buffer.from(`data: ${text}\r`)
  for (let at = 0; at < bytes.length; at += 4_096)
    parser.feed(textOf(bytes.subarray(at, at + 4_096)))
  return count
}
