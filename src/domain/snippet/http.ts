import { snippetBody } from './body.ts'
import { type Code, code, note, value, word } from './code.ts'
import type { SnippetRequest } from './snippet.ts'

/** As it goes over the wire. */
export function httpSnippet(request: SnippetRequest): Code {
  const { model, address, needsToken, variant } = request
  const { host, pathname } = new URL(address)
  const path = `${pathname.replace(/\/$/, '')}/v1/models/${model.owner}/${model.name}/predictions`
  const token = needsToken ? code`Authorization: ${value('Bearer SANDPIT_TOKEN')}\n` : code``
  const wait = variant === 'run' ? code`Prefer: ${value('wait')}\n` : code``
  const stream = code`
${note('# Then, with the urls.stream of the answer:')}
${word('GET')} /v1/streams/… HTTP/1.1
Host: ${host}
Accept: ${value('text/event-stream')}
`
  return code`${word('POST')} ${path} HTTP/1.1
Host: ${host}
${token}Content-Type: ${value('application/json')}
${wait}
${snippetBody(request)}
${variant === 'stream' ? stream : code``}`
}
