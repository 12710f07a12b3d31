import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { Layout } from '../layout.tsx'
import { ModelFacts } from '../model/model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model/model-health.tsx'
import { type ModelReplacement, ReplaceModelQuestion } from '../model/model-replacement.tsx'
import { SchemaTable } from '../model/schema-table.tsx'
import { usePaths } from '../site.ts'

export interface NewModelPageProps {
  /** The text in the field: a name, a URL or a path. */
  readonly where: string
  readonly found: FoundModel | null
  /** Why nothing was found or saved. */
  readonly problem: string | null
  /** The question to answer before it is saved. */
  readonly ask?: ModelReplacement | null
  /** Hints for the text box, one for each kind of model. */
  readonly hints: readonly Hint[]
}

interface Hint {
  /** A heading: `A Cog container`. */
  readonly title: string
  /** The expected text, as part of a sentence: `the URL of a Cog container`. */
  readonly noun: string
  /** How to do it, with code in backticks. */
  readonly text: string
}

/** A model as it was found where somebody looked, before it is kept. */
export interface FoundModel {
  readonly model: Model
  /** Its name: `owner/name`. */
  readonly name: string
  /** Why it can have no other name here, as a sentence; null when it can. */
  readonly keepsName: string | null
  /** Ids, the newest first; empty when there is nothing to choose from. */
  readonly versions: readonly string[]
  readonly warmth: Warmth
  readonly health: ShownHealth
}

/** Looks up a model, shows what was found, and saves it. */
export function NewModelPage({ where, found, problem, hints, ask = null }: NewModelPageProps) {
  const paths = usePaths()
  const listed = new Intl.ListFormat('en', { type: 'disjunction' })
  return (
    <Layout title='Add a model'>
      <header class='page-head'>
        <h1>Add a model</h1>
        <p class='lede'>
          Enter {listed.format(hints.map(({ noun }) => noun))}. You can check what was found before
          you save it.
        </p>
        {problem !== null && (
          <div class='failure' role='alert'>
            <p>{problem}</p>
          </div>
        )}
        <form class='search-big with-button' method='post' action={paths.newModel()}>
          <label class='visually-hidden' for='where'>
            Name, URL or path
          </label>
          <input
            id='where'
            name='where'
            value={where}
            placeholder='owner/name or http://host:5000'
            autocomplete='off'
            spellcheck={false}
            required
          />
          <button class='button' type='submit'>
            Check
          </button>
        </form>
      </header>
      {found ? <Found where={where} found={found} ask={ask} /> : <Hints hints={hints} />}
    </Layout>
  )
}

interface FoundProps extends Pick<NewModelPageProps, 'where'> {
  readonly found: FoundModel
  readonly ask: ModelReplacement | null
}

function Found({ where, found, ask }: FoundProps) {
  const paths = usePaths()
  const { model, name, keepsName, versions, warmth, health } = found
  const schema = model.version.schema
  return (
    <section class='stack' aria-labelledby='found'>
      <header class='section-head'>
        <h2 id='found'>{modelName(model.ref)}</h2>
        <p class='mono'>version {model.version.id.slice(0, 8)}</p>
      </header>
      <ModelFacts model={model} warmth={warmth} />
      <ModelHealthNote {...health} />
      {model.description !== '' && <p class='lede'>{model.description}</p>}
      <SchemaTable schema={schema} />
      {ask && <ReplaceModelQuestion {...ask} />}
      <form id='save-model' class='fields' method='post' action={paths.models()}>
        <input type='hidden' name='where' value={where} />
        <div class='field'>
          <div class='field-head'>
            <label class='field-name' for='name'>
              name
            </label>
          </div>
          <div class='field-body'>
            <input
              id='name'
              name='name'
              value={name}
              readonly={keepsName !== null}
              required
              aria-describedby='name-note'
            />
            <p class='field-note' id='name-note'>
              {keepsName ??
                'The model’s name here, as owner/name. To add a container to an existing model with the same schema, use that model’s name: the containers share its predictions.'}
            </p>
          </div>
        </div>
        {versions.length > 0 && <VersionField versions={versions} />}
        <div class='run-bar'>
          <div>
            <button class='button run' type='submit'>
              Save
            </button>
            <p>Everyone who can reach this server will be able to use it.</p>
          </div>
        </div>
      </form>
    </section>
  )
}

function VersionField({ versions }: Pick<FoundModel, 'versions'>) {
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for='version'>
          version
        </label>
      </div>
      <div class='field-body'>
        <select id='version' name='version'>
          <option value=''>Always the latest</option>
          {versions.map((id) => (
            <option value={id}>{id.slice(0, 12)}</option>
          ))}
        </select>
      </div>
    </div>
  )
}

/** The hints, shown while the text box is empty. */
function Hints({ hints }: Pick<NewModelPageProps, 'hints'>) {
  return (
    <dl class='given'>
      {hints.map(({ title, text }) => (
        <div>
          <dt>{title}</dt>
          <dd>{withCode(text)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A text with the code in it, which stands in backticks, as elements. */
function withCode(text: string) {
  return text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))
}
