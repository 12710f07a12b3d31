import type { Model, Warmth } from '../../src/domain/model/model.ts'
import type { EmbedLink } from '../../src/domain/people/embed-link.ts'
import { CodeFigure } from '../code-figure.tsx'
import { FormRow } from '../editing/form-row.tsx'
import { Moment } from '../format.tsx'
import { Layout } from '../layout.tsx'
import { ModelHead } from '../model/model-head.tsx'
import { ModelTabs } from '../model/model-tabs.tsx'
import { usePaths, useSite } from '../site.ts'

/** An embed link, the path of its frame where that can be shown, and its runs of today. */
export interface EmbedLine {
  readonly link: EmbedLink
  readonly path: string | null
  /** Null where nothing limits them. */
  readonly today: number | null
}

interface EmbedLinkPageProps {
  readonly model: Model
  readonly warmth: Warmth
  /** Names this form: sent twice, it makes one link. */
  readonly formKey: string
  readonly origins: readonly string[]
  /** Whether people sign in here. */
  readonly hasPeople: boolean
  readonly ends: Readonly<Record<string, string>>
  /** What to change in the form; null for nothing. */
  readonly problem: string | null
  readonly lines: readonly EmbedLine[]
}

/** Makes embed links of a model, and lists those that work. */
export function EmbedLinkPage(props: EmbedLinkPageProps) {
  const { model, warmth, lines } = props
  return (
    <Layout title={`Embed ${model.ref.name}`}>
      <ModelHead model={model} warmth={warmth} />
      <ModelTabs model={model} current='embed' />
      <div class='workbench'>
        <div class='bench'>
          {props.origins.length === 0 ? <NoOrigin /> : <TermsForm {...props} />}
          <section aria-labelledby='code'>
            <header class='pane-head'>
              <h2 id='code'>What to paste</h2>
            </header>
            <div class='stack'>
              <Code path={lines[0]?.path ?? null} name={model.ref.name} />
              {lines.length > 0 && <LinkTable model={model} lines={lines} />}
            </div>
          </section>
        </div>
      </div>
    </Layout>
  )
}

function NoOrigin() {
  return (
    <div class='empty'>
      <h2>No page may show models yet</h2>
      <p>
        The operator names the origins of those that may in <code>SANDPIT_EMBED_ORIGINS</code>.
      </p>
    </div>
  )
}

function TermsForm({ model, formKey, origins, hasPeople, ends, problem }: EmbedLinkPageProps) {
  return (
    <form class='inputs' method='post' action={usePaths().modelEmbed(model.ref)}>
      <input type='hidden' name='key' value={formKey} />
      <header class='pane-head'>
        <h2>Put it into another page</h2>
      </header>
      {problem !== null && (
        <section class='error-summary' role='alert'>
          <h2>{problem}</h2>
        </section>
      )}
      <div class='fields'>
        <FormRow id='origin' name='origin' note='The pages that may show it.'>
          <select id='origin' name='origin' aria-describedby='origin-note'>
            {origins.map((origin) => (
              <option>{origin}</option>
            ))}
          </select>
        </FormRow>
        <FormRow id='shows' name='shows'>
          <select id='shows' name='shows'>
            <option value='both'>Form and result</option>
            <option value='result'>Result</option>
          </select>
        </FormRow>
        {hasPeople && (
          <FormRow id='anyone' name='anyone'>
            <label class='check'>
              <input type='checkbox' id='anyone' name='anyone' value='true' checked />{' '}
              <span>Visitors may run it without signing in</span>
            </label>
          </FormRow>
        )}
        <FormRow id='runs' name='runs' note='A day, by all visitors of this link together.'>
          <input
            id='runs'
            name='runs'
            type='number'
            min='1'
            value='20'
            aria-describedby='runs-note'
          />
        </FormRow>
        <FormRow id='ends' name='ends'>
          <select id='ends' name='ends'>
            {Object.entries(ends).map(([value, words]) => (
              <option value={value} selected={value === '365'}>
                {words}
              </option>
            ))}
          </select>
        </FormRow>
      </div>
      <footer class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            Make the link
          </button>
          <p>Can be ended at any time</p>
        </div>
      </footer>
    </form>
  )
}

/** The code for a page, by the newest link. */
function Code({ path, name }: { path: string | null; name: string }) {
  const { origin, paths } = useSite()
  if (path === null) return <p class='field-note'>Make a link first: it is a part of the code.</p>
  const frame = `<iframe src="${origin}${path}"\n        title="${name}" loading="lazy"></iframe>\n<script src="${origin}${paths.embedScript()}"></script>`
  const fragment = `<!-- In the head, before htmx -->\n<meta name="htmx-config"\n      content='{"mode": "cors", "selfRequestsOnly": false}'>\n<!-- In the body -->\n<div hx-get="${origin}${path}/form" hx-trigger="load"></div>\n<div id="result"></div>`
  return (
    <>
      <PageCode title='Frame' id='frame-code' text={frame} />
      <PageCode title='htmx, in your own page' id='htmx-code' text={fragment} />
    </>
  )
}

function PageCode({ title, id, text }: { title: string; id: string; text: string }) {
  const head = <h3 class='mono'>{title}</h3>
  return <CodeFigure id={id} label={title} head={head} code={[{ kind: 'plain', text }]} />
}

function LinkTable({ model, lines }: Pick<EmbedLinkPageProps, 'model' | 'lines'>) {
  const paths = usePaths()
  return (
    <section class='scroll-x' aria-label='Embed links'>
      <table>
        <thead>
          <tr>
            {['Page', 'Today', 'In all', 'Ends'].map((title) => (
              <th scope='col'>{title}</th>
            ))}
            <th scope='col'>
              <span class='visually-hidden'>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ link, today }) => (
            <tr>
              <td>{link.origin}</td>
              <td>{today === null ? '' : `${today} of ${link.runsPerDay ?? 'any'}`}</td>
              <td>{link.runs}</td>
              <td>
                {link.expiresAt === null ? 'never' : <Moment at={link.expiresAt} shows='day' />}
              </td>
              <td>
                <form method='post' action={paths.embedRevocation(model.ref, link.id)}>
                  <button
                    class='button bare'
                    type='submit'
                    aria-label={`End the link of ${link.origin}`}
                  >
                    End
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
