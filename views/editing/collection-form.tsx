import type { CollectionErrors, CollectionTexts } from '../../src/domain/model/collection-texts.ts'
import { leadingNewline } from '../fields/text-field.tsx'
import { FormErrors, FormRow, rowControl } from './form-row.tsx'

export interface CollectionFormProps {
  readonly texts: CollectionTexts
  readonly errors: CollectionErrors
  /** The revision that the form was opened at; 0 for a new collection. */
  readonly revision: number
  /** The texts that somebody else saved since then; null when nobody did. */
  readonly saved: CollectionTexts | null
  readonly action: string
}

/** The form of a collection, new or not. */
export function CollectionForm({ texts, errors, revision, saved, action }: CollectionFormProps) {
  const isNew = revision === 0
  return (
    <form class='measure' method='post' action={action}>
      <input type='hidden' name='revision' value={String(revision)} />
      <FormErrors errors={errors} />
      {saved && <SavedByOthers saved={saved} />}
      <div class='fields'>
        <Line name='title' value={texts.title} error={errors.title} required />
        {isNew && (
          <Line
            name='slug'
            value={texts.slug}
            error={errors.slug}
            note='The last part of its address, which never changes. Left blank, it is made from the title.'
          />
        )}
        <Area
          name='summary'
          type='Markdown'
          value={texts.summary}
          error={errors.summary}
          rows={4}
          note='Its first paragraph is shown in lists.'
        />
        <Area
          name='models'
          value={texts.models}
          error={errors.models}
          rows={8}
          note='A name such as owner/name on each line, in the order in which they are shown.'
        />
      </div>
      <footer class='run-bar'>
        <div>
          <button class='button run' type='submit'>
            {isNew ? 'Create' : 'Save'}
          </button>
        </div>
      </footer>
    </form>
  )
}

interface LineProps {
  readonly name: keyof CollectionTexts
  readonly value: string
  readonly error: string | undefined
  readonly note?: string
  readonly required?: boolean
}

function Line({ name, value, error, note, required = false }: LineProps) {
  const row = { id: name, error, note }
  return (
    <FormRow {...row} name={name} required={required}>
      <input {...rowControl(row)} value={value} dir='auto' autocomplete='off' />
    </FormRow>
  )
}

interface AreaProps extends LineProps {
  readonly type?: string
  readonly rows: number
}

function Area({ name, value, error, note, type, rows }: AreaProps) {
  const row = { id: name, error, note }
  const isCode = name === 'models'
  return (
    <FormRow {...row} name={name} type={type}>
      <textarea
        {...rowControl(row)}
        rows={rows}
        class={isCode ? 'json' : undefined}
        spellcheck={isCode ? false : undefined}
        dir={isCode ? undefined : 'auto'}
      >
        {leadingNewline(value)}
        {value}
      </textarea>
    </FormRow>
  )
}

function SavedByOthers({ saved }: { saved: CollectionTexts }) {
  return (
    <section class='error-summary' tabindex={-1} role='alert' autofocus>
      <h2>Somebody else changed this collection, too</h2>
      <p>
        Nothing was saved, and what you entered is still here. Press Save to replace what they
        saved:
      </p>
      <dl class='given'>
        <div>
          <dt>title</dt>
          <dd>{saved.title}</dd>
        </div>
        <div>
          <dt>summary</dt>
          <dd>{saved.summary}</dd>
        </div>
        <div>
          <dt>models</dt>
          <dd class='mono'>{saved.models}</dd>
        </div>
      </dl>
    </section>
  )
}
