import { blankForm, type Form } from '../form/form.ts'
import { shortened } from '../json/excerpt.ts'
import { formatJson, type Json } from '../json/json.ts'
import { makes } from '../model/makes.ts'
import type { Model } from '../model/model.ts'
import { modelName } from '../model-ref.ts'
import { isFileSchema, type Property, type ValueSchema } from '../schema/value-schema.ts'
import { codeText } from './code.ts'
import { snippetInputs } from './input.ts'
import { filesMadeBy, type SnippetLanguage, snippet } from './snippet.ts'

/** The values that a text about a model needs besides the model. */
interface MarkdownContext {
  /** Where this Sandpit is, without `/v1` and without a slash at the end. */
  readonly address: string
  /** The address of the model’s page. */
  readonly page: string
  /** Whether a token has to be sent. */
  readonly needsToken: boolean
  /** The form with the example of the model; null when it has none. */
  readonly example: Form | null
}

const mostInputs = 200
const mostUnits = { description: 500, default: 200, readme: 64 * 1024 }

/** A model as Markdown, for assistants and programs: how it is called, and its README. */
export function modelMarkdown(model: Model, context: MarkdownContext): string {
  const { ref, description, version, readme, broken, links } = model
  const named = Object.entries(links).filter(([, link]) => link !== null)
  const parts = [
    `# ${modelName(ref)}`,
    ...(description === '' ? [] : [oneLine(description)]),
    ...(broken === null ? [] : [`It cannot run now: ${oneLine(broken)}`]),
    [
      `- Page: ${context.page}`,
      `- Makes: ${makes(model)}`,
      `- Version: ${version.id}`,
      ...named.map(([kind, link]) => `- ${kind}: ${link}`),
    ].join('\n'),
    '## Inputs',
    inputsTable(version.schema.input),
    '## Output',
    `${typeOf(version.schema.output)}${described(version.schema.output)}`,
    '## Run it',
    ...calls(model, context),
    ...(readme === null ? [] : ['## README', readme.slice(0, mostUnits.readme).trim()]),
  ]
  return `${parts.join('\n\n')}\n`.toWellFormed()
}

const languages: readonly (readonly [SnippetLanguage, title: string, fence: string])[] = [
  ['curl', 'curl', 'sh'],
  ['python', 'Python', 'python'],
  ['node', 'Node.js', 'js'],
]

function calls({ ref, version }: Model, { address, needsToken, example }: MarkdownContext) {
  const request = {
    model: ref,
    inputs: snippetInputs(example ?? blankForm(version.schema)),
    address,
    needsToken,
    variant: 'run',
    files: filesMadeBy(version.schema),
  } as const
  return languages.map(([language, title, fence]) => {
    const text = codeText(snippet(language, request))
    return `### ${title}\n\n${block(text, fence)}`
  })
}

function inputsTable(input: readonly Property[]): string {
  if (input.length === 0) return 'None.'
  const rows = input.slice(0, mostInputs).map(({ name, required, schema }) => {
    const cells = [
      `\`${name.replaceAll('`', "'")}\``,
      typeOf(schema),
      required ? 'required' : '',
      schema.default === undefined || schema.secret ? '' : short(schema.default),
      boundsOf(schema),
      shortened(schema.description ?? '', mostUnits.description),
    ]
    return `| ${cells.map(cell).join(' | ')} |`
  })
  const head = '| Name | Type | Required | Default | Bounds | Description |'
  const more = input.length - rows.length
  const rest = more > 0 ? `\n\nAnd ${more} more inputs.` : ''
  return `${head}\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}${rest}`
}

function typeOf(schema: ValueSchema): string {
  if (isFileSchema(schema)) return 'file (URL or data URI)'
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items) : 'anything'}`
  return schema.type ?? 'anything'
}

function described({ title, description }: ValueSchema): string {
  const text = oneLine(description ?? title ?? '')
  return text === '' ? '' : `: ${shortened(text, mostUnits.description)}`
}

function boundsOf(schema: ValueSchema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema
  const options = schema.enum?.slice(0, 30).map((option) => short(option)) ?? []
  const parts = [
    ...(options.length > 0 ? [`one of ${options.join(', ')}`] : []),
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ...(minLength === undefined ? [] : [`${minLength} characters or more`]),
    ...(maxLength === undefined ? [] : [`${maxLength} characters at most`]),
    ...(minItems === undefined ? [] : [`${minItems} items or more`]),
    ...(maxItems === undefined ? [] : [`${maxItems} items at most`]),
  ]
  return parts.join(', ')
}

function short(value: Json): string {
  return shortened(formatJson(value), mostUnits.default)
}

/** A cell of a table: on one line, without the signs that end cells. */
function cell(text: string): string {
  return oneLine(text).replaceAll('|', '\\|')
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** A code block whose fence is longer than any run of backticks in the code. */
function block(text: string, language: string): string {
  const runs = text.match(/`{3,}/g) ?? []
  const fence = '`'.repeat(Math.max(2, ...runs.map(({ length }) => length)) + 1)
  return `${fence}${language}\n${text}\n${fence}`
}
