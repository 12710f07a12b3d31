import type { Child } from 'hono/jsx'
import { type Model, modelName, type Warmth } from '../../src/domain/model.ts'
import type { ModelRecord, ModelSettings } from '../../src/domain/model-record.ts'
import { plural } from '../format.ts'
import { Layout } from '../layout.tsx'
import { ModelFacts } from '../model-head.tsx'
import { ModelName } from '../model-name.tsx'
import { usePaths } from '../site.ts'

export interface SettingsPageProps {
  readonly providers: readonly ProviderLine[]
  readonly models: readonly ModelLine[]
  readonly api: ApiLine
  /** What holds for a model of which nothing else is said. */
  readonly defaults: { readonly timeoutMs: number; readonly maxQueue: number }
  /** More sections. */
  readonly more?: Child
}

/** A provider, and whether it can run models. */
export interface ProviderLine {
  /** As people know it. */
  readonly name: string
  readonly kind: 'works' | 'off' | 'trouble'
  /** How it is, and what to do. */
  readonly sentence: string
}

/** A model, what an operator said of it, and what it is doing. */
export interface ModelLine {
  readonly model: Model
  readonly record: ModelRecord
  readonly warmth: Warmth
  readonly running: number
  readonly waiting: number
  /** Why what was typed for it was not kept, and what that was. */
  readonly refused: { readonly sentence: string; readonly typed: SettingsTyped } | null
}

/** The boxes of a model's settings, as texts. */
export interface SettingsTyped {
  readonly intake: string
  readonly copies: string
  readonly timeout: string
  readonly queue: string
}

export interface ApiLine {
  readonly base: string
  /** How many tokens are set. */
  readonly tokens: number
}

const kinds: Readonly<Record<ProviderLine['kind'], Child>> = {
  works: (
    <span class='warmth' data-state='warm'>
      Works
    </span>
  ),
  off: (
    <span class='warmth' data-state='cold'>
      Not set up
    </span>
  ),
  trouble: (
    <span class='status' data-status='failed'>
      Trouble
    </span>
  ),
}

/** What an operator can see and set while the server runs. */
export function SettingsPage({ providers, models, api, defaults, more }: SettingsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Settings' current='settings'>
      <header class='page-head'>
        <h1>Settings</h1>
        <p class='lede'>
          For operators. What is not here is set by the environment when the server starts.
        </p>
      </header>
      <section aria-labelledby='providers'>
        <header class='section-head'>
          <h2 id='providers'>Where models run</h2>
        </header>
        <dl class='given'>
          {providers.map(({ name, kind, sentence }) => (
            <div>
              <dt>{name}</dt>
              <dd>
                {kinds[kind]}
                <p>{sentence}</p>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section aria-labelledby='models'>
        <header class='section-head'>
          <h2 id='models'>{plural(models.length, 'model')}</h2>
          <a class='button' href={paths.newModel()}>
            Add a model
          </a>
        </header>
        <div class='fields'>
          {models.map((line) => (
            <ModelRow line={line} defaults={defaults} />
          ))}
        </div>
      </section>
      <ApiSection {...api} />
      {more}
    </Layout>
  )
}

const intakes: Readonly<Record<ModelSettings['intake'], string>> = {
  open: 'Open: takes and runs all',
  draining: 'Draining: takes no more, runs what waits',
  paused: 'Paused: takes more, runs none',
}

/** The settings of a model, as its form shows them. */
export function typedSettings({
  intake,
  copies,
  timeoutMs,
  maxQueue,
}: ModelSettings): SettingsTyped {
  return {
    intake,
    copies: String(copies ?? ''),
    timeout: timeoutMs === null ? '' : String(timeoutMs / 1000),
    queue: String(maxQueue ?? ''),
  }
}

interface ModelRowProps extends Pick<SettingsPageProps, 'defaults'> {
  readonly line: ModelLine
}

function ModelRow({ line, defaults }: ModelRowProps) {
  const paths = usePaths()
  const { model, record, warmth, running, waiting, refused } = line
  const name = modelName(model.ref)
  const typed = refused?.typed ?? typedSettings(record.settings)
  return (
    <article class='field' id={name}>
      <div class='field-head'>
        <h3 class='field-name'>
          <a href={paths.model(model.ref)}>
            <ModelName model={model.ref} />
          </a>
        </h3>
        <small>
          {running} running, {waiting} waiting
        </small>
      </div>
      <div class='field-body'>
        <ModelFacts model={model} warmth={warmth} />
        {record.source?.provider === 'cog' && <p class='mono'>{record.source.urls.join(' ')}</p>}
        {refused && (
          <p class='field-error' role='alert' tabindex={-1} autofocus>
            {refused.sentence}
          </p>
        )}
        <form class='filters' method='post' action={paths.modelSettings()}>
          <input type='hidden' name='model' value={name} />
          <label class='grow'>
            Intake
            <select name='intake' aria-label={`Intake, ${name}`}>
              {Object.entries(intakes).map(([value, word]) => (
                <option value={value} selected={value === typed.intake}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <SmallNumber
            name='copies'
            label='Run at once'
            of={name}
            value={typed.copies}
            fallback={model.limits.copies}
          />
          <SmallNumber
            name='timeout'
            label='Seconds at most'
            of={name}
            value={typed.timeout}
            fallback={(model.limits.timeoutMs ?? defaults.timeoutMs) / 1000}
          />
          <SmallNumber
            name='queue'
            label='Wait at most'
            of={name}
            value={typed.queue}
            fallback={defaults.maxQueue}
          />
          <button class='button' type='submit'>
            Save
          </button>
          {record.source && (
            <button
              class='button bare'
              type='submit'
              formaction={paths.modelRemoval()}
              formnovalidate
            >
              Remove
            </button>
          )}
        </form>
      </div>
    </article>
  )
}

interface SmallNumberProps {
  readonly name: string
  readonly label: string
  /** The model, so that no two are called the same. */
  readonly of: string
  readonly value: string
  /** What holds while it is blank. */
  readonly fallback: number
}

function SmallNumber({ name, label, of, value, fallback }: SmallNumberProps) {
  return (
    <label>
      {label}
      <input
        name={name}
        inputmode='numeric'
        aria-label={`${label}, ${of}`}
        value={value}
        placeholder={String(fallback)}
      />
    </label>
  )
}

function ApiSection({ base, tokens }: ApiLine) {
  return (
    <section aria-labelledby='api'>
      <header class='section-head'>
        <h2 id='api'>The API</h2>
      </header>
      <dl class='given'>
        <div>
          <dt>Address</dt>
          <dd class='mono'>{base}</dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>
            {tokens === 0
              ? 'None is set, so it answers on this machine alone. Set SANDPIT_API_TOKENS for other machines.'
              : `${plural(tokens, 'token')} in SANDPIT_API_TOKENS.`}
          </dd>
        </div>
      </dl>
    </section>
  )
}
