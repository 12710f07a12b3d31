import { type Model, modelName, type Warmth } from '../../src/domain/model.ts'
import { readSchema } from '../../src/domain/schema.ts'
import { Layout } from '../layout.tsx'
import { ModelFacts } from '../model-head.tsx'
import { ModelHealthNote, type ShownHealth } from '../model-health.tsx'
import { SchemaTable } from '../schema-table.tsx'
import { usePaths } from '../site.ts'
import { type Takeover, TakeoverQuestion } from '../takeover.tsx'

export interface NewModelPageProps {
  /** What was typed: a name or an address. */
  readonly where: string
  readonly found: FoundModel | null
  /** Why nothing was found, or why it was not saved. */
  readonly problem: string | null
  /** What has to be answered before it is saved. */
  readonly ask?: Takeover | null
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
          Give the name of a model at Replicate, the address of its page there, the address of a Cog
          container, or the path of a folder. Nothing is kept before you have seen what was found.
        </p>
        {problem !== null && (
          <div class='failure' role='alert'>
            <p>{problem}</p>
          </div>
        )}
        <form class='search-big with-button' method='post' action={paths.newModel()}>
          <label class='visually-hidden' for='where'>
            Name or address
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
            Look
          </button>
        </form>
      </header>
      {found ? <Found where={where} found={found} ask={ask} /> : <Ways />}
    </Layout>
  )
}

interface FoundProps extends Pick<NewModelPageProps, 'where'> {
  readonly found: FoundModel
  readonly ask: Takeover | null
}

function Found({ where, found, ask }: FoundProps) {
  const paths = usePaths()
  const { model, name, renamable, versions, warmth, health } = found
  const schema = readSchema(model.version.schemas)
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
      {ask && <TakeoverQuestion {...ask} />}
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
                ? 'What it is called here: owner/name. A container that takes and makes the same as a model that is here already shares its load when it is saved under its name.'
                : 'As it is called at Replicate.'}
            </p>
          </div>
        </div>
        {versions.length > 0 && <VersionField versions={versions} />}
        <div class='run-bar'>
          <div>
            <button class='button run' type='submit'>
              Save
            </button>
            <p>It opens at its name, for everyone who can reach this server.</p>
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
          <option value=''>The latest, whichever that is</option>
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
          <code>owner/name</code>, or the address of its page. It runs on the account of{' '}
          <code>REPLICATE_API_TOKEN</code>.
        </dd>
      </div>
      <div>
        <dt>A Cog container</dt>
        <dd>
          <code>http://gpu-2:5000</code>: start it with <code>docker run -p 5000:5000</code>, and
          give the address under which this server reaches it.
        </dd>
      </div>
      <div>
        <dt>TypeScript</dt>
        <dd>
          The path of a folder with a <code>model.ts</code> on the machine that this server runs on.
          One in a folder that <code>SANDPIT_MODELS</code> names needs no adding.
        </dd>
      </div>
    </dl>
  )
}
