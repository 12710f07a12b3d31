import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { listIn, textIn } from '../json/parts.ts'
import { embeddedInput, textInputs } from '../model/text-model.ts'
import { modelName } from '../model-ref.ts'
import type { ModelSchema } from '../schema/schema.ts'
import { type Code, code, note, value, word } from './code.ts'
import type { SnippetInput } from './input.ts'
import { literal, nodeText, pythonText } from './literal.ts'
import { nodeLiterals } from './node.ts'
import { pythonLiterals } from './python.ts'
import type { SnippetRequest } from './snippet.ts'

/** A request through OpenAI's API. */
export type OpenAiAsked =
  | { readonly kind: 'chat'; readonly messages: readonly JsonObject[] }
  | { readonly kind: 'embeddings'; readonly input: Json }

type OpenAiRequest = Pick<SnippetRequest, 'model' | 'address' | 'needsToken'> & {
  readonly asked: OpenAiAsked
}

/** The request that OpenAI's clients would send for these inputs; null for a model that they cannot ask. */
export function openAiAsked(
  schema: ModelSchema,
  inputs: readonly SnippetInput[],
): OpenAiAsked | null {
  const given = (name: string | null) =>
    inputs.find((input) => input.name === name && !input.secret)?.value
  const embedded = embeddedInput(schema)
  if (embedded) return { kind: 'embeddings', input: given(embedded.name) ?? 'your text' }
  const names = textInputs(schema)
  if (!names) return null
  const before = listIn(given(names.messages)).filter(isObject)
  const system = textIn(given(names.system))
  const prompt = textIn(given(names.prompt))
  const isAsked = prompt !== '' || before.length === 0
  return {
    kind: 'chat',
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...before,
      ...(isAsked ? [{ role: 'user', content: prompt === '' ? 'your prompt' : prompt }] : []),
    ],
  }
}

/** With OpenAI's own client for Python. */
export function openAiPython({ model, address, needsToken, asked }: OpenAiRequest): Code {
  const name = value(pythonText(modelName(model)))
  const key = needsToken
    ? code`os.environ[${value('"SANDPIT_TOKEN"')}]`
    : code`${value('"none needed"')}`
  const os = needsToken ? code`${word('import')} os\n` : code``
  return code`${note('# pip install openai')}
${os}${word('from')} openai ${word('import')} OpenAI

sandpit = OpenAI(
    api_key=${key},
    base_url=${value(pythonText(`${address}/openai/v1`))},
)

${asked.kind === 'chat' ? pythonChat(name, asked.messages) : pythonEmbeddings(name, asked.input)}
`
}

function pythonChat(name: Code, messages: readonly JsonObject[]): Code {
  return code`stream = sandpit.chat.completions.create(
    model=${name},
    messages=${literal(messages, pythonLiterals, '    ')},
    stream=${value('True')},
)
${word('for')} chunk ${word('in')} stream:
    ${word('if')} chunk.choices:
        print(chunk.choices[${value('0')}].delta.content ${word('or')} ${value('""')}, end=${value('""')}, flush=${value('True')})`
}

function pythonEmbeddings(name: Code, input: Json): Code {
  return code`answer = sandpit.embeddings.create(
    model=${name},
    input=${literal(input, pythonLiterals, '    ')},
)
print(answer.data[${value('0')}].embedding)`
}

/** With OpenAI's own client for Node.js. */
export function openAiNode({ model, address, needsToken, asked }: OpenAiRequest): Code {
  const name = value(nodeText(modelName(model)))
  const key = needsToken ? code`process.env.SANDPIT_TOKEN` : code`${value(nodeText('none needed'))}`
  return code`${note('// npm install openai')}
${word('import')} OpenAI ${word('from')} ${value(`'openai'`)}

${word('const')} sandpit = ${word('new')} OpenAI({
  apiKey: ${key},
  baseURL: ${value(nodeText(`${address}/openai/v1`))},
})

${asked.kind === 'chat' ? nodeChat(name, asked.messages) : nodeEmbeddings(name, asked.input)}
`
}

function nodeChat(name: Code, messages: readonly JsonObject[]): Code {
  return code`${word('const')} stream = ${word('await')} sandpit.chat.completions.create({
  model: ${name},
  messages: ${literal(messages, nodeLiterals, '  ')},
  stream: ${value('true')},
})
${word('for await')} (${word('const')} chunk ${word('of')} stream) {
  process.stdout.write(chunk.choices[${value('0')}]?.delta.content ?? ${value(`''`)})
}`
}

function nodeEmbeddings(name: Code, input: Json): Code {
  return code`${word('const')} answer = ${word('await')} sandpit.embeddings.create({
  model: ${name},
  input: ${literal(input, nodeLiterals, '  ')},
})
console.log(answer.data[${value('0')}].embedding)`
}
