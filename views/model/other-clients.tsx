import type { Code } from '../../src/domain/snippet/code.ts'
import { CodeFigure } from '../code-figure.tsx'

export interface OpenAiCode {
  readonly python: Code
  readonly node: Code
}

interface OpenAiClientsProps {
  /** Where this Sandpit is, without a slash at the end. */
  readonly address: string
  readonly code: OpenAiCode
}

/** The same request with OpenAI's clients. */
export function OpenAiClients({ address, code }: OpenAiClientsProps) {
  return (
    <>
      <h2>With OpenAI’s client</h2>
      <p>
        This model answers through OpenAI’s API, too. Its base URL is{' '}
        <code>{address}/openai/v1</code>.
      </p>
      <CodeFigure
        id='openai-python'
        label='Python example with OpenAI’s client'
        head={<span class='mono'>Python</span>}
        code={code.python}
      />
      <CodeFigure
        id='openai-node'
        label='Node.js example with OpenAI’s client'
        head={<span class='mono'>Node.js</span>}
        code={code.node}
      />
    </>
  )
}

/** How an assistant gets the models of this server as tools. */
export function AssistantTools({ code }: { readonly code: Code }) {
  return (
    <>
      <h2>As a tool of an assistant</h2>
      <p>Assistants that speak the Model Context Protocol can run this model.</p>
      <CodeFigure
        id='mcp'
        label='Configuration of an assistant'
        head={<span class='mono'>MCP configuration</span>}
        code={code}
      />
    </>
  )
}
