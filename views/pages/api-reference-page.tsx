import type {
  ApiReference,
  ReferenceGroup,
  ReferenceOperation,
} from '../../src/domain/snippet/api-reference.ts'
import { CodeFigure } from '../code-figure.tsx'
import { Breakable } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { InlineMarkdown } from '../markdown.tsx'
import { ReferenceContentView, ReferenceTable, schemaAnchor } from '../reference-rows.tsx'
import { usePaths } from '../site.ts'

export interface ApiReferencePageProps {
  readonly reference: ApiReference
  /** Where this Sandpit is, without a slash at the end. */
  readonly address: string
}

/** All operations of the API, with their requests and responses. */
export function ApiReferencePage({ reference, address }: ApiReferencePageProps) {
  const paths = usePaths()
  return (
    <Layout title='HTTP API'>
      <header class='page-head'>
        <h1>HTTP API</h1>
        <p class='lede'>
          Replicate’s HTTP API, at <code>{address}/v1</code>. Official clients work with this base
          URL: each model’s API tab has example code. Send <code>Authorization: Bearer …</code> with
          a token from this server’s operator.
        </p>
        <p>
          <a href={paths.apiDocument()}>View as an OpenAPI document</a>
        </p>
        <nav class='tasks' aria-label='Groups'>
          {reference.groups.map(({ name }) => (
            <a href={`#${anchorOf(name)}`}>{name}</a>
          ))}
          <a href='#schemas'>Schemas</a>
        </nav>
      </header>
      {reference.groups.map((group) => (
        <Group group={group} />
      ))}
      <section class='operations' aria-labelledby='schemas'>
        <header class='section-head'>
          <h2 id='schemas'>Schemas</h2>
        </header>
        {reference.schemas.map(({ name, rows }) => (
          <article class='operation'>
            <div class='stack'>
              <h3 class='mono' id={schemaAnchor(name)}>
                <a href={`#${schemaAnchor(name)}`}>{name}</a>
              </h3>
              <ReferenceTable rows={rows} label={`Fields of ${name}`} />
            </div>
          </article>
        ))}
      </section>
    </Layout>
  )
}

function Group({ group: { name, operations } }: { group: ReferenceGroup }) {
  return (
    <section class='operations' aria-labelledby={anchorOf(name)}>
      <header class='section-head'>
        <h2 id={anchorOf(name)}>{name}</h2>
      </header>
      {operations.map((operation) => (
        <Operation operation={operation} />
      ))}
    </section>
  )
}

function Operation({ operation }: { operation: ReferenceOperation }) {
  const { id, example } = operation
  return (
    <article class='operation'>
      <div class='stack'>
        <OperationHead operation={operation} />
        <Asked operation={operation} />
        <Answers operation={operation} />
      </div>
      <CodeFigure
        id={`${id}-example`}
        label={`Example of ${id}`}
        head={<span>cURL</span>}
        code={example}
      />
    </article>
  )
}

interface OperationProps {
  readonly operation: ReferenceOperation
}

function OperationHead({ operation: { id, method, path, summary, description } }: OperationProps) {
  return (
    <>
      <h3 id={id}>
        <a href={`#${id}`}>{summary}</a>
      </h3>
      <p class='mono'>
        <b>{method}</b> <Breakable text={path} />
      </p>
      {description !== '' && (
        <p>
          <InlineMarkdown text={description} />
        </p>
      )}
    </>
  )
}

function Asked({ operation: { id, parameters, body } }: OperationProps) {
  return (
    <>
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <ReferenceTable rows={parameters} label={`Parameters of ${id}`} asked />
        </>
      )}
      {body && (
        <>
          <h4>Request body</h4>
          <ReferenceContentView content={body} label={`Request body of ${id}`} asked />
        </>
      )}
    </>
  )
}

function Answers({ operation: { id, answers } }: OperationProps) {
  return (
    <>
      <h4>Response</h4>
      {answers.map((answer) => (
        <>
          <p>
            <b class='mono'>{answer.status}</b> {answer.description}
          </p>
          {answer.type !== null && (
            <ReferenceContentView content={answer} label={`Response ${answer.status} of ${id}`} />
          )}
        </>
      ))}
    </>
  )
}

function anchorOf(group: string): string {
  return `group-${group.toLowerCase()}`
}
