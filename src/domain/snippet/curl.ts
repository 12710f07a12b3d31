import { snippetBody } from './body.ts'
import { type Code, code, codeText, note, value } from './code.ts'
import { shellText } from './literal.ts'
import type { SnippetRequest } from './snippet.ts'

/** From a shell. */
export function curlSnippet(request: SnippetRequest): Code {
  if (request.variant !== 'stream') return code`${create(request, '')}\n`
  return code`${note('# jq takes the address of the stream out of the answer')}
stream=$(${create(request, ' -s')} | jq -r .urls.stream)
curl -N ${value('"$stream"')}
`
}

function create(request: SnippetRequest, options: string): Code {
  const { address, needsToken, variant } = request
  const url = `${address}/v1/${creationPath(request)}`
  const header = (text: string) => code` \\\n  -H ${value(text)}`
  const token = needsToken ? header('"Authorization: Bearer $SANDPIT_TOKEN"') : code``
  const wait = variant === 'run' ? header(`'Prefer: wait'`) : code``
  const body = value(shellText(codeText(snippetBody(request))))
  return code`curl${options} ${value(shellText(url))}${token}${header(`'Content-Type: application/json'`)}${wait} \\\n  -d ${body}`
}

/** The body of the second names the version. */
function creationPath({ model, version }: SnippetRequest): string {
  return version === undefined ? `models/${model.owner}/${model.name}/predictions` : 'predictions'
}
