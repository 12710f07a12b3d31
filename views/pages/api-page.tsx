import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { Code } from '../../src/domain/snippet/code.ts'
import type { SnippetLanguage, SnippetVariant } from '../../src/domain/snippet/snippet.ts'
import { CodeFigure } from '../code-figure.tsx'
import { Layout } from '../layout.tsx'
import { Endpoints, responseCode, Tokens } from '../model/api-facts.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { AssistantTools, OpenAiClients, type OpenAiCode } from '../model/other-clients.tsx'
import { OutputWords, RawSchemas, SchemaTable } from '../model/schema-table.tsx'
import { usePaths } from '../site.ts'

export interface ApiPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** Where this Sandpit is, without a slash at the end. */
  readonly address: string
  readonly needsToken: boolean
  readonly code: Code
  /** The code with OpenAI's clients; null for a model that they cannot ask. */
  readonly openAi: OpenAiCode | null
  /** The configuration of an assistant. */
  readonly mcp: Code
  readonly language: SnippetLanguage
  readonly variant: SnippetVariant
  readonly variants: readonly SnippetVariant[]
  /** The query of this page for another language or variant. */
  readonly queryFor: (language: SnippetLanguage, variant: SnippetVariant) => string
  /** The query that opens the playground with these inputs. */
  readonly formQuery: string
}

const languageNames: Readonly<Record<SnippetLanguage, string>> = {
  node: 'Node.js',
  python: 'Python',
  curl: 'cURL',
  http: 'HTTP',
}

const variantNames: Readonly<Record<SnippetVariant, string>> = {
  run: 'Run',
  stream: 'Stream',
  webhook: 'Webhook',
}

/** The code of a run, with the inputs of the form. */
export function ApiPage(props: ApiPageProps) {
  const { model, warmth, address, language, formQuery } = props
  // The Python client adds the path itself.
  const base = language === 'python' ? address : `${address}/v1`
  const paths = usePaths()
  const schema = model.version.schema
  return (
    <Layout title={`API: ${modelName(model.ref)}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='api' query={formQuery} />
      <div class='workbench'>
        <div class='bench reading'>
          <section class='result stack' aria-label='Use the API'>
            <h2>Use the API</h2>
            <p>
              Sandpit implements Replicate’s HTTP API. Set the base URL of an official client to{' '}
              <code>{base}</code> and change nothing else.
            </p>
            <VariantSwitch {...props} />
            <Snippet {...props} />
            <p class='field-note'>
              This example uses the inputs from the form. To change them, fill in the form in the{' '}
              <a href={paths.model(model.ref) + formQuery}>Playground</a>, press Copy link, then
              select <b>As code</b>. Files and secrets are replaced by placeholders.
            </p>
            <h2>Response</h2>
            <CodeFigure
              id='answer'
              label='Example response'
              head={<span class='mono'>201 Created</span>}
              code={responseCode(modelName(model.ref), address)}
            />
            {props.openAi && <OpenAiClients address={address} code={props.openAi} />}
            <AssistantTools code={props.mcp} />
          </section>
          <section class='inputs stack' aria-label='Reference'>
            <h2>Input</h2>
            <SchemaTable schema={schema} />
            <h2>Output</h2>
            <OutputWords output={schema.output} />
            <RawSchemas schemas={model.version.schema.schemas} />
            <h2>Endpoints</h2>
            <Endpoints name={modelName(model.ref)} />
            <p>
              <a href={paths.apiReference()}>Full API reference</a>
            </p>
            <Tokens needed={props.needsToken} />
          </section>
        </div>
      </div>
    </Layout>
  )
}

function VariantSwitch({ variants, variant, language, queryFor }: ApiPageProps) {
  return (
    <nav class='switch fits' aria-label='Method'>
      {variants.map((one) => (
        <a href={queryFor(language, one)} aria-current={one === variant ? 'true' : undefined}>
          {variantNames[one]}
        </a>
      ))}
    </nav>
  )
}

function Snippet({ code: shown, language, variant, queryFor }: ApiPageProps) {
  const languages = Object.entries(languageNames) as [SnippetLanguage, string][]
  return (
    <CodeFigure
      id='snippet'
      label={`${languageNames[language]} example`}
      code={shown}
      head={
        <nav class='tabs small' aria-label='Language'>
          {languages.map(([one, name]) => (
            <a href={queryFor(one, variant)} aria-current={one === language ? 'true' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      }
    />
  )
}
