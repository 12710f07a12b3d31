import type { Child } from 'hono/jsx'
import { plural } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { SettingsHead } from '../settings/settings-head.tsx'
import { type ModelLine, type SettingsDefaults, SettingsRow } from '../settings/settings-row.tsx'
import { usePaths } from '../site.ts'

export interface SettingsPageProps {
  readonly providers: readonly ProviderLine[]
  readonly models: readonly ModelLine[]
  readonly api: ApiLine
  /** The settings of models that have none of their own. */
  readonly defaults: SettingsDefaults
  /** More sections. */
  readonly more?: Child
}

/** A provider and its state. */
export interface ProviderLine {
  /** As people know it. */
  readonly name: string
  readonly kind: 'works' | 'off' | 'trouble'
  /** How it is, and what to do. */
  readonly sentence: string
}

export interface ApiLine {
  readonly base: string
  /** How many tokens are set. */
  readonly tokens: number
}

const kinds: Readonly<Record<ProviderLine['kind'], Child>> = {
  works: (
    <span class='warmth' data-state='warm'>
      Ready
    </span>
  ),
  off: (
    <span class='warmth' data-state='cold'>
      Not set up
    </span>
  ),
  trouble: (
    <span class='status' data-status='failed'>
      Problem
    </span>
  ),
}

/** The settings that operators change while the server runs. */
export function SettingsPage({ providers, models, api, defaults, more }: SettingsPageProps) {
  const paths = usePaths()
  return (
    <Layout title='Settings' current='settings'>
      <SettingsHead current='settings'>
        <p class='lede'>
          Settings for operators. All other settings are environment variables, read when the server
          starts.
        </p>
      </SettingsHead>
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
            <SettingsRow line={line} defaults={defaults} />
          ))}
        </div>
      </section>
      <ApiSection {...api} />
      {more}
    </Layout>
  )
}

function ApiSection({ base, tokens }: ApiLine) {
  return (
    <section aria-labelledby='api'>
      <header class='section-head'>
        <h2 id='api'>API</h2>
      </header>
      <dl class='given'>
        <div>
          <dt>Base URL</dt>
          <dd class='mono'>{base}</dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>
            {tokens === 0
              ? 'No tokens are set, so the API only accepts requests from this machine. Set SANDPIT_API_TOKENS to use it from other machines.'
              : `${plural(tokens, 'token')} in SANDPIT_API_TOKENS.`}
          </dd>
        </div>
      </dl>
    </section>
  )
}
