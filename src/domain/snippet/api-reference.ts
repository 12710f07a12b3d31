import { formatJson, isList, type Json, type JsonObject } from '../json/json.ts'
import { listIn, objectIn, textIn } from '../json/parts.ts'
import { type Content, requestExample, schemaName } from './api-example.ts'
import type { Code } from './code.ts'

/** An OpenAPI document as a person reads it. */
export interface ApiReference {
  readonly groups: readonly ReferenceGroup[]
  /** The schemas that the operations refer to by name. */
  readonly schemas: readonly { readonly name: string; readonly rows: readonly ReferenceRow[] }[]
}

/** Operations that belong together. */
export interface ReferenceGroup {
  readonly name: string
  readonly operations: readonly ReferenceOperation[]
}

export interface ReferenceOperation {
  /** `models.versions.list`, also the fragment of its address. */
  readonly id: string
  /** In capitals. */
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string
  /** In the path and in the query. */
  readonly parameters: readonly ReferenceRow[]
  readonly body: ReferenceContent | null
  readonly answers: readonly (ReferenceContent & {
    readonly status: string
    readonly description: string
  })[]
  /** The request, for a shell. */
  readonly example: Code
}

/** The body of a request or an answer. */
export interface ReferenceContent {
  /** `application/json`; null for nothing. */
  readonly type: string | null
  readonly rows: readonly ReferenceRow[]
  /** The name of its type, when it is not an object with its own rows: `Prediction`. */
  readonly words: TypeWords
}

/** One member of an object, or one parameter. */
export interface ReferenceRow {
  readonly name: string
  readonly type: TypeWords
  readonly required: boolean
  readonly description: string
}

/** The name of a type: a word, and a schema that it leads to. */
export interface TypeWords {
  readonly before: string
  /** The name of a schema of the document; null when it leads nowhere. */
  readonly schema: string | null
  readonly after: string
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'query']

/** Reads the operations of a document, in its order, in groups by the first part of their ids. */
export function readReference(document: JsonObject): ApiReference {
  const paths = Object.entries(objectIn(document.paths))
  const operations = paths.flatMap(([path, item]) =>
    Object.entries(objectIn(item)).flatMap(([method, operation]) =>
      methods.includes(method) ? [readOperation(document, path, method, objectIn(operation))] : [],
    ),
  )
  const groups = Map.groupBy(operations, ({ id }) => id.split('.')[0] ?? '')
  const schemas = objectIn(objectIn(document.components).schemas)
  return {
    groups: [...groups].map(([name, own]) => ({ name: capital(name), operations: own })),
    schemas: Object.entries(schemas).map(([name, schema]) => ({ name, rows: rowsOf(schema) })),
  }
}

function readOperation(
  document: JsonObject,
  path: string,
  method: string,
  operation: JsonObject,
): ReferenceOperation {
  const parameters = listIn(operation.parameters).map((one) => objectIn(one))
  const content = contentIn(operation.requestBody)
  return {
    id: textIn(operation.operationId),
    method: method.toUpperCase(),
    path,
    summary: textIn(operation.summary),
    description: textIn(operation.description),
    parameters: parameters.map((one) => rowOf(textIn(one.name), one.schema, one.required === true)),
    body: content && readBody(document, content),
    answers: Object.entries(objectIn(operation.responses))
      .filter(([status]) => status !== 'default')
      .map(([status, answer]) => ({
        status,
        description: textIn(objectIn(answer).description),
        ...readContent(contentIn(answer)),
      })),
    example: requestExample(document, path, method, content),
  }
}

/** The first type of content that is named. */
function contentIn(holder: Json | undefined): Content | null {
  const [entry] = Object.entries(objectIn(objectIn(holder).content))
  return entry ? { type: entry[0], schema: objectIn(entry[1]).schema } : null
}

function readContent(content: Content | null): ReferenceContent {
  if (!content) return { type: null, rows: [], words: plain('nothing') }
  return { type: content.type, rows: rowsOf(content.schema), words: wordsOf(content.schema) }
}

/** The schema of a request is written out in place, even when it has a name. */
function readBody(document: JsonObject, content: Content): ReferenceContent {
  const name = schemaName(objectIn(content.schema))
  const schemas = objectIn(objectIn(document.components).schemas)
  return readContent(name === null ? content : { ...content, schema: schemas[name] })
}

/** The members of an object that is written out; none of one that has a name of its own. */
function rowsOf(schema: Json | undefined): ReferenceRow[] {
  const { properties, required, allOf } = objectIn(schema)
  const inherited = listIn(allOf).flatMap((one) => rowsOf(one))
  const names = listIn(required)
  const own = Object.entries(objectIn(properties)).map(([name, one]) =>
    rowOf(name, one, names.includes(name)),
  )
  return [...inherited, ...own]
}

function rowOf(name: string, schema: Json | undefined, required: boolean): ReferenceRow {
  const description = textIn(objectIn(schema).description)
  return { name, type: wordsOf(schema), required, description }
}

function wordsOf(given: Json | undefined): TypeWords {
  const schema = objectIn(given)
  const name = schemaName(schema)
  if (name !== null) return { before: '', schema: name, after: '' }
  const alternatives = listIn(schema.anyOf ?? schema.oneOf).map(wordsOf)
  const named = alternatives.find((one) => one.schema !== null)
  if (named && alternatives.length === 2) return { ...named, after: ' or null' }
  if (alternatives.length > 0) return plain(alternatives.map(wholeWords).join(' or '))
  if (schema.type === 'array') {
    const items = wordsOf(schema.items)
    return { ...items, before: `list of ${items.before}` }
  }
  return plain(scalarWords(schema))
}

function scalarWords(schema: JsonObject): string {
  const { type, enum: options, format, minimum, maximum } = schema
  if (isList(options)) return options.map((option) => formatJson(option)).join(', ')
  if (schema.const !== undefined) return formatJson(schema.const)
  const names = (isList(type) ? type : [type ?? 'anything']).map(String)
  const bounds = minimum !== undefined && maximum !== undefined ? `, ${minimum} to ${maximum}` : ''
  const base = names.filter((one) => one !== 'null').join(' or ')
  const word = typeof format === 'string' ? (formatWords[format] ?? base) : base
  return `${word}${bounds}${names.includes('null') ? ' or null' : ''}`
}

const formatWords: Readonly<Record<string, string>> = { uri: 'URL', 'date-time': 'time' }

function plain(before: string): TypeWords {
  return { before, schema: null, after: '' }
}

export function wholeWords({ before, schema, after }: TypeWords): string {
  return before + (schema ?? '') + after
}

function capital(text: string): string {
  return (text[0] ?? '').toUpperCase() + text.slice(1)
}
