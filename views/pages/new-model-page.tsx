import type { Model, Warmth } from '../../src/domain/model/model.ts'
import { modelName } from '../../src/domain/model-ref.ts'
import { Layout } from '../layout.tsx'
import { ModelFacts } from '../model/model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model/model-health.tsx'
import { type ModelReplacement, ReplaceModelQuestion } from '../model/model-replacement.tsx'
import { SchemaTable } from '../model/schema-table.tsx'
import { usePaths } from '../site.ts'

export interface NewModelPageProps {
  /** What was typed: a name or an address. */
  readonly where: string
  readonly found: FoundModel | null
  /** Why nothing was found, or why it was not saved. */
  readonly problem: string | null
  /** What has to be answered before it is saved. */
  readonly ask?: ModelReplacement | null
}

/** A model as it was found where somebody looked, before it is kept. */
export interface FoundModel {
  readonly model: Model
  /** What to call it: `owner/name`. */
  readonly name: string
  /** Whether it can be called something else here. */
  readonly renamable: boolean
  /** Ids, the newest first; empty when there is nothing to choose from. */
  readonly versions: readonly string[]
  readonly warmth: Warmth
  readonly health: ShownHealth
}

/** Looks for a model by its name or address, shows what was found, and keeps it. */
export function NewModelPage({ where, found, problem, ask = null }: NewModelPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Add a model'>
      <header class='page-head'>
        <h1>Add a model</h1>
        <p class='lede'>
          Enter the name or page URL of a model at Replicate, the URL of a Cog container, or the
          path of a model folder. You can check what was found before you save it.
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
      {found ? <Found where={where} found={found} ask={ask} /> : <Ways />}
    </Layout>
  )
}

interface FoundProps extends Pick<NewModelPageProps, 'where'> {
  readonly found: FoundModel
  readonly ask: ModelReplacement | null
}

function Found({ where, found, ask }: FoundProps) {
  const paths = usePaths()
  const { model, name, renamable, versions, warmth, health } = found
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
              readonly={!renamable}
              required
              aria-describedby='name-note'
            />
            <p class='field-note' id='name-note'>
              {renamable
                ? 'The model’s name here, as owner/name. To add a container to an existing model with the same schema, use that model’s name: the containers share its predictions.'
                : 'A model at Replicate keeps its name.'}
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

/** What can be given, while nothing was. */
function Ways() {
  return (
    <dl class='given'>
      <div>
        <dt>At Replicate</dt>
        <dd>
          <code>owner/name</code>, or the URL of its page. It runs on the account that{' '}
          <code>REPLICATE_API_TOKEN</code> belongs to.
        </dd>
      </div>
      <div>
        <dt>A Cog container</dt>
        <dd>
          <code>http://gpu-2:5000</code>: start it with <code>docker run -p 5000:5000</code>, then
          enter the URL at which this server can reach it.
        </dd>
      </div>
      <div>
        <dt>TypeScript</dt>
        <dd>
          The path of a folder that contains a <code>model.ts</code>, on the server. Models in the{' '}
          <code>SANDPIT_MODELS</code> folders are found automatically.
        </dd>
      </div>
    </dl>
  )
}
