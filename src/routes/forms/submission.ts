import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { rowActions } from '../../domain/form/fields/row-entries.ts'
import { readSentForm, type SentForm } from './sent-form.ts'

/** What a form says of the account and the visibility of its run. */
export interface SentChoice {
  /** The name of the account that was chosen; null when the form has no such choice. */
  readonly account: string | null
  readonly isPrivate: boolean
  /** The token of the share link by which the form was opened; empty without one. */
  readonly share: string
}

/** A prediction form as a browser sent it. Its uploads are stored. */
export interface SubmittedForm extends SentChoice, Pick<SentForm, 'inputs' | 'kept' | 'refused'> {
  readonly model: string
  readonly version: string
  /** Whether the form was opened for this version, although it was not the current one. */
  readonly isPinned: boolean
  readonly key: string
  /** Id of the prediction for Run again; empty for a form that was filled in. */
  readonly from: string
  /** Id of the prediction whose answer the next turn of a conversation follows; empty without one. */
  readonly continues: string
  /** Id of the prediction whose result stands beside the form; empty without one. */
  readonly beside: string
  /** The pressed button and its value; null for Run. */
  readonly pressed: { readonly action: FormAction; readonly target: string } | null
  /** The text of the JSON view; null when the form was sent with its fields. */
  readonly json: string | null
}

/** The names of the form’s buttons, other than Run. `resume`: of a form that was sent without a session. */
const formActions = ['resume', ...rowActions, 'view', 'link', 'earlier', 'close', 'seed'] as const
export type FormAction = (typeof formActions)[number]

/** Reads the form of a model. Throws `BadForm`. */
export async function readSubmission(c: Context, deps: Deps): Promise<SubmittedForm> {
  const sent = await readSentForm(c, deps)
  const { text, has, inputs, kept, refused } = sent
  return {
    model: text('model'),
    version: text('version'),
    isPinned: has('pinned'),
    key: text('key'),
    from: text('from'),
    continues: text('continues'),
    beside: text('beside'),
    ...choiceIn(sent),
    pressed: pressedIn(sent),
    json: has('json') ? text('json') : null,
    inputs,
    kept,
    refused,
  }
}

/** For whom a run is made and who sees it, as a form says. */
export function choiceIn({ has, text }: Pick<SentForm, 'has' | 'text'>): SentChoice {
  return {
    account: has('account') ? text('account') : null,
    isPrivate: has('private'),
    share: text('share'),
  }
}

function pressedIn({ has, text }: SentForm): SubmittedForm['pressed'] {
  const action = formActions.find(has)
  return action ? { action, target: text(action) } : null
}
