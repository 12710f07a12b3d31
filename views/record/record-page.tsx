import { raw } from 'hono/html'
import { fileRefsIn, type StoredFile } from '../../src/domain/file/file.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import type { Prediction } from '../../src/domain/prediction/prediction.ts'
import type { RecordInput } from '../../src/domain/prediction/record.ts'
import { seedOf } from '../../src/domain/prediction/seed.ts'
import { madeFiles } from '../../src/domain/prediction/summary.ts'
import type { Code } from '../../src/domain/snippet/code.ts'
import { CodeFigure } from '../code-figure.tsx'
import { Breakable, formatBytes, ModelName, Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { OneInput } from '../panel/input-list.tsx'
import { usePaths } from '../site.ts'

/** The languages of the command that runs a prediction again, and the citation. */
export const recordLanguages = ['python', 'node', 'curl', 'bibtex'] as const
export type RecordLanguage = (typeof recordLanguages)[number]

export const languageNames: Readonly<Record<RecordLanguage, string>> = {
  python: 'Python',
  node: 'JavaScript',
  curl: 'cURL',
  bibtex: 'BibTeX',
}

interface RecordPageProps {
  readonly prediction: Prediction
  readonly inputs: readonly RecordInput[]
  /** SHA-256 of the record as JSON, in hex. */
  readonly sha256: string
  readonly language: RecordLanguage
  readonly code: Code
  /** The content of a script element. */
  readonly linkedData: string
}

/** Everything that a prediction was made with, and how to run it again and cite it. */
export function RecordPage(props: RecordPageProps) {
  const { prediction, inputs, linkedData } = props
  const paths = usePaths()
  const { id, model } = prediction
  return (
    <Layout
      title={`Record of ${modelName(model)}`}
      current='predictions'
      head={raw(`<script type="application/ld+json">${linkedData}</script>`)}
    >
      <header class='page-head'>
        <p class='facts'>
          <a href={paths.predictions()}>Predictions</a>{' '}
          <a class='mono' href={paths.prediction(id)}>
            p/{id}
          </a>
        </p>
        <h1>Run it again, and cite it</h1>
      </header>
      <div class='workbench'>
        <div class='bench'>
          <section class='result stack' aria-label='Run it again'>
            <RunAgain {...props} />
            <h2>Files</h2>
            <Hashes prediction={prediction} />
          </section>
          <section class='inputs' aria-labelledby='inputs'>
            <header class='pane-head'>
              <h2 id='inputs'>All inputs</h2>
            </header>
            <div class='stack'>
              <Inputs {...{ prediction, inputs }} />
              <h2>Made with</h2>
              <MadeWith {...props} />
            </div>
          </section>
        </div>
      </div>
    </Layout>
  )
}

function RunAgain({ language, code }: RecordPageProps) {
  return (
    <>
      <CodeFigure
        id='again'
        label={languageNames[language]}
        code={code}
        head={
          <nav class='tabs small' aria-label='Language'>
            {recordLanguages.map((one) => (
              <a href={`?language=${one}`} aria-current={one === language ? 'true' : undefined}>
                {languageNames[one]}
              </a>
            ))}
          </nav>
        }
      />
      <p class='field-note'>
        Files are read from where you run it, under these names. Secrets are not kept.
      </p>
    </>
  )
}

function Inputs({ prediction, inputs }: Pick<RecordPageProps, 'prediction' | 'inputs'>) {
  if (inputs.length === 0) return <p class='field-note'>No inputs.</p>
  return (
    <dl class='given'>
      {inputs.map(({ name, value, isDefault }) => (
        <div>
          <dt>
            <Breakable text={name} />
          </dt>
          <OneInput prediction={prediction} value={value}>
            {isDefault && (
              <>
                {' '}
                <span class='tag'>default</span>
              </>
            )}
          </OneInput>
        </div>
      ))}
    </dl>
  )
}

function MadeWith({ prediction, sha256 }: RecordPageProps) {
  const paths = usePaths()
  const { id, model, version, createdAt } = prediction
  const seed = seedOf(prediction)
  return (
    <dl class='given'>
      <div>
        <dt>model</dt>
        <dd>
          <a href={paths.model(model)}>
            <ModelName model={model} />
          </a>
        </dd>
      </div>
      <div>
        <dt>version</dt>
        <dd class='mono'>
          <a href={paths.modelVersion(model, version)}>{version}</a>
        </dd>
      </div>
      {seed !== null && (
        <div>
          <dt>seed</dt>
          <dd class='mono'>{String(seed)}</dd>
        </div>
      )}
      <div>
        <dt>created</dt>
        <dd>
          <Moment at={createdAt} shows='both' />
        </dd>
      </div>
      <div>
        <dt>record</dt>
        <dd class='mono'>
          <a href={paths.record(id)}>p/{id}.json</a>, sha256 {sha256}
        </dd>
      </div>
    </dl>
  )
}

/** The files that went in and came out, with the hash of each. */
function Hashes({ prediction }: Pick<RecordPageProps, 'prediction'>) {
  const { input, files } = prediction
  const given = new Set(fileRefsIn(input))
  const all = [
    ...files.filter(({ ref }) => given.has(ref)).map((file) => ({ file, is: 'in' })),
    ...madeFiles(prediction).map((file) => ({ file, is: 'out' })),
  ]
  if (all.length === 0) return <p class='field-note'>No files.</p>
  return (
    <dl class='given'>
      {all.map(({ file, is }) => (
        <div>
          <dt>{is}</dt>
          <dd>
            <FileHash {...file} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FileHash(file: StoredFile) {
  return (
    <>
      <a href={usePaths().file(file)}>{file.name}</a> <small>{formatBytes(file.size)}</small>
      <br />
      <span class='field-note mono'>sha256 {file.sha256}</span>
    </>
  )
}
