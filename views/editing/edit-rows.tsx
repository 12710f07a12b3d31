import type { Child } from 'hono/jsx'
import type {
  EditName,
  EditTexts,
  FormErrors,
  FormTexts,
} from '../../src/domain/model/edit-texts.ts'
import { leadingNewline } from '../fields/text-field.tsx'
import { FormRow, rowControl } from './form-row.tsx'

/** The names of the rows. */
export const rowNames: Readonly<Record<EditName, string>> = {
  description: 'description',
  readme: 'readme',
  github: 'source',
  paper: 'paper',
  license: 'licence',
  cover: 'cover',
  tags: 'tags',
  example: 'example',
  visibility: 'visibility',
  countsAs: 'counts as',
}

/** The state of the form that its rows show. */
export interface RowState {
  readonly texts: FormTexts
  /** The texts of the model without edits. */
  readonly own: EditTexts
  readonly errors: FormErrors
  /** The present texts of fields that somebody else changed, too. */
  readonly conflicts: FormErrors
}

interface EditRowProps {
  readonly name: EditName
  readonly state: RowState
}

/** The note of a row: what is edited, and what somebody else saved. */
export function rowNote({ name, state }: EditRowProps, hint: Child = null): Child {
  const isEdited = state.texts[name] !== state.own[name]
  const saved = state.conflicts[name]
  if (!isEdited && saved === undefined) return hint
  return (
    <>
      {saved !== undefined && <b>Saved by somebody else: {quoted(saved)} </b>}
      {hint}
      {isEdited && (
        <>
          {hint && ' '}
          Edited. {ownSentence(name, state.own[name])}{' '}
          <button
            class='button bare'
            name='press'
            value={`restore ${name}`}
            type='submit'
            formnovalidate
            aria-label={`Undo the edit of ${rowNames[name]}`}
          >
            Undo edit
          </button>
        </>
      )}
    </>
  )
}

function ownSentence(name: EditName, own: string): string {
  if (name === 'cover') return ''
  if (own === '') return 'The model says nothing here.'
  return name === 'readme' ? 'The model has a README of its own.' : `The model says ${quoted(own)}`
}

function quoted(text: string): string {
  if (text === '') return 'nothing.'
  if (text.length > 200) return `“${text.slice(0, 200).toWellFormed()}…”`
  return /[.!?…]$/.test(text) ? `“${text}”` : `“${text}”.`
}

interface TextRowProps {
  readonly rows: number
  readonly hint?: Child
}

/** A text of several lines. */
export function TextRow({ name, state, rows, hint }: EditRowProps & TextRowProps) {
  const text = state.texts[name]
  const row = { id: name, error: state.errors[name], note: rowNote({ name, state }, hint) }
  return (
    <FormRow {...row} name={rowNames[name]} type={name === 'readme' ? 'Markdown' : undefined}>
      <textarea
        {...rowControl(row)}
        rows={rows}
        dir='auto'
        class={name === 'readme' ? 'json' : undefined}
      >
        {leadingNewline(text)}
        {text}
      </textarea>
    </FormRow>
  )
}

/** A text of one line. */
export function LineRow({ name, state, hint }: EditRowProps & { hint?: string }) {
  const isLink = hint === undefined
  const row = { id: name, error: state.errors[name], note: rowNote({ name, state }, hint) }
  return (
    <FormRow {...row} name={rowNames[name]} type={isLink ? 'link' : undefined}>
      <input
        {...rowControl(row)}
        value={state.texts[name]}
        {...(isLink ? { inputmode: 'url', placeholder: 'https://', spellcheck: false } : {})}
        dir={isLink ? undefined : 'auto'}
        autocomplete='off'
      />
    </FormRow>
  )
}

/** The visibility of the model. */
export function VisibilityRow({ state, owner }: { state: RowState; owner: string }) {
  const hint = `Private: for members of ${owner}, those below, and operators. To everybody else it does not exist, and share links to its predictions end. Predictions from before stay as they are.`
  const { texts } = state
  const row = {
    id: 'visibility',
    // Both choices are in view, so there is nothing to undo.
    note: rowNote({ name: 'visibility', state: { ...state, own: texts } }, hint),
  }
  const words = { public: 'Everyone', private: `${owner} only` }
  return (
    <FormRow {...row} name='visibility' role='radiogroup'>
      <div class='switch choices'>
        {Object.entries(words).map(([value, word]) => (
          <label>
            <input
              type='radio'
              name='visibility'
              value={value}
              checked={state.texts.visibility === value}
              aria-describedby='visibility-note'
            />
            {word}
          </label>
        ))}
      </div>
    </FormRow>
  )
}
