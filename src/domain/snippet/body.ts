import type { Json } from '../json/json.ts'
import { askedModel } from './asked-model.ts'
import { type Code, value } from './code.ts'
import { type Literals, literal } from './literal.ts'
import type { SnippetRequest } from './snippet.ts'
import { environmentName, webhookAddress } from './stand-ins.ts'

const jsonLiterals: Literals = {
  text: (text) => JSON.stringify(text),
  key: (name) => JSON.stringify(name),
  word: String,
  file: (name) => value(JSON.stringify(`https://example.com/${encodeURIComponent(name)}`)),
  step: '  ',
  lastComma: false,
}

/** The body of the request as JSON. A file is an address of the reader's, a secret a word in its place. */
export function snippetBody(request: SnippetRequest): Code {
  const { inputs, variant, version } = request
  const given = inputs.map(({ name, value: json, secret }): [string, Json] => [
    name,
    secret ? environmentName(name) : json,
  ])
  const webhook = { webhook: webhookAddress, webhook_events_filter: ['completed'] }
  const named = version === undefined ? {} : { version: askedModel(request) }
  const body = {
    ...named,
    input: Object.fromEntries(given),
    ...(variant === 'webhook' ? webhook : {}),
  }
  return literal(body, jsonLiterals)
}
