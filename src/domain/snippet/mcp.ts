import { type Code, code, value } from './code.ts'
import type { SnippetRequest } from './snippet.ts'

/** How assistants are told of the server, in the form that most of them read. */
export function mcpConfiguration({
  address,
  needsToken,
}: Pick<SnippetRequest, 'address' | 'needsToken'>): Code {
  const text = (content: string) => value(JSON.stringify(content))
  const headers = needsToken
    ? code`,
      ${text('headers')}: { ${text('Authorization')}: ${text('Bearer TOKEN')} }`
    : code``
  return code`{
  ${text('mcpServers')}: {
    ${text('sandpit')}: {
      ${text('type')}: ${text('http')},
      ${text('url')}: ${text(`${address}/mcp`)}${headers}
    }
  }
}
`
}
