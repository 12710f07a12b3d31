import type { Progress } from '../../src/domain/prediction/prediction.ts'
import { Layout } from '../layout.tsx'
import type { ModelReplacement } from '../model/model-replacement.tsx'
import { FoundModel } from '../new-model/found-model.tsx'
import { FoundModels } from '../new-model/found-models.tsx'
import { type CarriedField, KeyForm } from '../new-model/key-form.tsx'
import type { SaveFormProps } from '../new-model/save-form.tsx'
import type { ShownUpstream } from '../new-model/shown-upstream.ts'
import { PendingLook, StartForm } from '../new-model/start-form.tsx'
import { WorkflowUpload } from '../new-model/workflow-upload.tsx'
import { usePaths } from '../site.ts'

export interface NewModelPageProps {
  /** The text in the field: a name, a URL or a path. */
  readonly where: string
  /** The text of the file that belongs to it; null for none. */
  readonly document?: string | null
  /** The key that was typed, encrypted; null for none. */
  readonly heldKey?: string | null
  /** What was typed for models, while a key is asked for. */
  readonly carried?: readonly CarriedField[]
  readonly found: ShownUpstream | null
  /** Why nothing was found or saved. */
  readonly problem: string | null
  /** Whether nothing is wrong, and more has to be given. */
  readonly isQuestion?: boolean
  /** What the upstream lacks; null for nothing. */
  readonly asks?: 'key' | 'document' | 'start' | null
  /** How far the start of what was asked is; null when nothing is being started. */
  readonly pending?: { readonly sentence: string; readonly progress: Progress } | null
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

/** Looks up models, shows what was found, and saves them. */
export function NewModelPage(props: NewModelPageProps) {
  const { where, hints } = props
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
        <form class='search-big with-button' method='post' action={paths.newModel()} id='look'>
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
      <Looked {...props} />
    </Layout>
  )
}

/** What came of looking: what was found, or what to do next. */
export function Looked({ document = null, heldKey = null, ...props }: NewModelPageProps) {
  const { where, carried = [], found, problem, asks = null, hints, ask = null } = props
  const { pending = null, isQuestion = false } = props
  const start = { where, heldKey, carried }
  return (
    <div class='stack' id='looked'>
      {problem !== null && <Problem {...{ problem, isQuestion }} />}
      {asks === 'key' && <KeyForm where={where} carried={carried} />}
      {asks === 'document' && <WorkflowUpload where={where} />}
      {asks === 'start' && <StartForm {...start} isImage={isQuestion} />}
      {pending && <PendingLook {...start} {...pending} />}
      {found ? (
        <Found {...{ where, document, heldKey, ask }} upstream={found} />
      ) : (
        asks === null && pending === null && <Hints hints={hints} />
      )}
    </div>
  )
}

interface ProblemProps {
  readonly problem: string
  /** Whether nothing is wrong, and more has to be given. */
  readonly isQuestion: boolean
}

function Problem({ problem, isQuestion }: ProblemProps) {
  if (isQuestion) return <p role='status'>{problem}</p>
  return (
    <div class='failure' role='alert'>
      <p>{problem}</p>
    </div>
  )
}

interface FoundProps extends SaveFormProps {
  readonly upstream: ShownUpstream
  readonly ask: ModelReplacement | null
}

function Found({ upstream, ask, ...props }: FoundProps) {
  const [only] = upstream.models
  if (!only || upstream.total > 1) return <FoundModels upstream={upstream} {...props} />
  return <FoundModel upstream={upstream} found={only} ask={ask} {...props} />
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
