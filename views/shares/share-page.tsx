import type { Child } from 'hono/jsx'
import type { Audience, SharedThing } from '../../src/domain/people/share.ts'
import { Layout } from '../layout.tsx'
import { usePaths, useSite } from '../site.ts'
import { type LinkLine, LinkList } from './link-list.tsx'

type TermName = 'audience' | 'people' | 'ends' | 'scope'

export interface SharePageProps {
  readonly of: SharedThing
  readonly title: string
  /** `prediction`, `sweep`. */
  readonly what: string
  /** What the link shows, as a sentence. */
  readonly holds: string
  /** Names this form: sent twice, it makes one link. */
  readonly formKey: string
  /** Whether the model, or one of a group, is private. */
  readonly isOfPrivate: boolean
  readonly texts: Readonly<Record<TermName, string>>
  /** What to change; null for nothing. */
  readonly error: { readonly field: TermName; readonly sentence: string } | null
  readonly choices: {
    /** One alone where there is no choice. */
    readonly audiences: readonly Audience[]
    readonly ends: Readonly<Record<string, string>>
    /** Whether to offer that others run the model. */
    readonly run: boolean
  }
  /** The links so far. */
  readonly links: readonly LinkLine[]
}

const audienceNames: Readonly<Record<Audience, string>> = {
  anyone: 'Anyone',
  'signed-in': 'Signed in',
  people: 'Named people',
}

/** Makes a share link. Where scripts run, it opens over the page of the prediction. */
export function SharePage(props: SharePageProps) {
  const { of, title, what, holds, formKey, isOfPrivate, links } = props
  const paths = usePaths()
  const { origin } = useSite()
  return (
    <Layout title={title} current='predictions'>
      <header class='pane-head'>
        <h1 class='title'>Share this {what}</h1>
        <a class='button icon bare' href={paths.shared(of)} aria-label='Close' data-closes>
          ×
        </a>
      </header>
      <form class='measure' method='post' action={paths.shares(of)}>
        <input type='hidden' name='key' value={formKey} />
        <div class='fields'>
          <p>
            {holds}
            {isOfPrivate &&
              (of.kind === 'group' ? ' Private models stay private.' : ' The model stays private.')}
          </p>
          <Terms {...props} />
        </div>
        <footer class='run-bar'>
          <div>
            <button class='button run' type='submit'>
              Make the link
            </button>
          </div>
        </footer>
      </form>
      {links.length > 0 && (
        <section class='stack measure' aria-labelledby='links'>
          <h2 id='links'>Links so far</h2>
          <LinkList links={links} origin={origin} />
        </section>
      )}
    </Layout>
  )
}

function Terms({ isOfPrivate, texts, error, choices }: SharePageProps) {
  const sentenceOf = (name: TermName) => (error?.field === name ? error.sentence : null)
  const invalid = (name: TermName) =>
    error?.field === name ? { 'aria-invalid': 'true' as const } : {}
  const offersPeople = choices.audiences.includes('people')
  const model = isOfPrivate ? 'this private model' : 'the model'
  return (
    <>
      {choices.audiences.length > 1 && (
        <Choice
          name='audience'
          options={choices.audiences.map((one) => [one, audienceNames[one]])}
          chosen={texts.audience}
          error={sentenceOf('audience')}
          note='Who has the link and is one of these.'
        />
      )}
      {offersPeople && (
        <Row
          name='people'
          error={sentenceOf('people')}
          note='For named people: their names, separated by commas.'
        >
          <input
            id='people'
            name='people'
            value={texts.people}
            aria-describedby='people-note'
            {...invalid('people')}
          />
        </Row>
      )}
      <Row name='ends' error={sentenceOf('ends')}>
        <select id='ends' name='ends' {...invalid('ends')}>
          {Object.entries(choices.ends).map(([value, words]) => (
            <option value={value} selected={value === texts.ends}>
              {words}
            </option>
          ))}
        </select>
      </Row>
      {choices.run && (
        <Choice
          name='scope'
          options={[
            ['see', 'See'],
            ['run', 'See and run'],
          ]}
          chosen={texts.scope}
          error={sentenceOf('scope')}
          note={`“Run” lets them use ${model} with a form that is filled in. They have to be signed in.`}
        />
      )}
    </>
  )
}

interface RowProps {
  readonly name: TermName
  readonly error: string | null
  readonly note?: string
  readonly children?: Child
}

function Row({ name, error, note, children }: RowProps) {
  return (
    <div class='field'>
      <div class='field-head'>
        <label class='field-name' for={name}>
          {name}
        </label>
      </div>
      <Body name={name} error={error} note={note}>
        {children}
      </Body>
    </div>
  )
}

function Body({
  name,
  error,
  note,
  children,
}: Omit<RowProps, 'note'> & { note?: string | undefined }) {
  return (
    <div class='field-body'>
      {children}
      {error !== null && (
        <p class='field-error' role='alert'>
          {error}
        </p>
      )}
      {note !== undefined && (
        <p class='field-note' id={`${name}-note`}>
          {note}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps extends Omit<RowProps, 'children'> {
  readonly options: readonly (readonly [value: string, words: string])[]
  readonly chosen: string
}

function Choice({ name, options, chosen, error, note }: ChoiceProps) {
  return (
    <div
      class='field'
      role='radiogroup'
      aria-labelledby={`${name}-name`}
      aria-describedby={`${name}-note`}
    >
      <div class='field-head'>
        <span class='field-name' id={`${name}-name`}>
          {name}
        </span>
      </div>
      <Body name={name} error={error} note={note}>
        <div class='switch choices'>
          {options.map(([value, words]) => (
            <label>
              <input type='radio' name={name} value={value} checked={value === chosen} />
              {words}
            </label>
          ))}
        </div>
      </Body>
    </div>
  )
}
