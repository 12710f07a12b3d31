import type { Model } from '../model/model.ts'
import { modelName } from '../model-ref.ts'
import { oneLine } from './model-markdown.ts'

/** Models past this many are counted. */
const mostModels = 500
const mostUnits = 200

interface LlmsContext {
  /** Where this Sandpit is, without a slash at the end. */
  readonly address: string
  readonly host: string
  readonly needsToken: boolean
  /** The address of the text about a model. */
  readonly textOf: (model: Model) => string
}

/** `/llms.txt`: what this server is, its API, and its models, for assistants. */
export function llmsText(models: readonly Model[], context: LlmsContext): string {
  const { address, host, needsToken, textOf } = context
  const lines = models.slice(0, mostModels).map((model) => {
    const description = oneLine(model.description).slice(0, mostUnits)
    const said = description === '' ? '' : `: ${description}`
    return `- [${modelName(model.ref)}](${textOf(model)})${said}`
  })
  const more = models.length - lines.length
  const rest = more > 0 ? [`- And ${more} more: GET ${address}/v1/models`] : []
  const token = needsToken
    ? 'Send `Authorization: Bearer TOKEN` with a token that the operator has set.'
    : 'It needs no token from the machine that it runs on, and accepts no requests from others.'
  return `# Sandpit at ${host}

> A playground for AI models. Each model has inputs and an output, described by a JSON schema, and runs as a prediction.

## API

The API is that of Replicate: POST ${address}/v1/models/OWNER/NAME/predictions with {"input": {…}} runs a model. ${token}

- [Reference](${address}/docs/api): all operations
- [OpenAPI](${address}/v1/openapi.json): the same for programs

Assistants use models as tools by the Model Context Protocol at ${address}/mcp. OpenAI’s clients use text models and embedding models with the base URL ${address}/openai/v1. Both take the same token.

A model’s page is JSON or Markdown with \`Accept: application/json\` or \`text/markdown\`.

## Models

${[...lines, ...rest].join('\n')}
`.toWellFormed()
}
