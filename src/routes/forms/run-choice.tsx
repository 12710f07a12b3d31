import type { Context } from 'hono'
import { RunChoice, type RunChoiceProps } from '../../../views/form/run-choice.tsx'
import type { Deps } from '../../deps.ts'
import type { Model } from '../../domain/model/model.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import {
  accountNamed,
  accountNames,
  type MadeFor,
  nameOfAccount,
} from '../../domain/prediction/made-for.ts'
import { choosesVisibility } from '../request/rights.ts'
import { viewerOf } from '../request/viewer.ts'
import type { SentChoice } from './submission.ts'

type Known = Pick<Deps, 'config'>

/**
 * The choice of an account and a visibility for a run, as it stands after `before`: a prediction that is
 * tweaked, or what was sent. Null where nobody signs in and predictions are public: there is no choice.
 */
export function runChoiceOf(
  { config }: Known,
  viewer: Viewer,
  model: Pick<Model, 'visibility'>,
  before: MadeFor | SentChoice | null,
): RunChoiceProps | null {
  if (!choosesVisibility({ config }, viewer)) return null
  const names = accountNames(viewer)
  const fixed = model.visibility === 'private'
  const given = before && givenIn(viewer, before)
  return {
    names,
    name: names.find((name) => name === given?.name) ?? names[0],
    isPrivate: fixed || (given?.isPrivate ?? config.predictions === 'private'),
    isFixed: fixed,
  }
}

function givenIn(viewer: Viewer, before: MadeFor | SentChoice) {
  if ('isPrivate' in before)
    return before.account === null ? null : { name: before.account, isPrivate: before.isPrivate }
  const name = nameOfAccount(viewer, before.account)
  return name === null ? null : { name, isPrivate: before.visibility === 'private' }
}

/** The same, drawn for the form of a model. `share`: the token of the link by which it is opened. */
export function drawRunChoice(
  c: Context,
  deps: Deps,
  model: Pick<Model, 'visibility'>,
  before: MadeFor | SentChoice | null = null,
  share = '',
) {
  const choice = runChoiceOf(deps, viewerOf(c, deps), model, before)
  const token = before && 'share' in before ? before.share : share
  return (
    <>
      {token !== '' && <input type='hidden' name='share' value={token} />}
      {choice && <RunChoice {...choice} />}
    </>
  )
}

/**
 * The account and the visibility of a run, from its form; null when it names an account for which the
 * viewer does not act. A form without the choice, as that of Run again, keeps those of an earlier one.
 */
export function madeForIn(
  { config }: Known,
  viewer: Viewer,
  { account: name, isPrivate }: SentChoice,
  earlier: MadeFor | null,
): MadeFor | null {
  if (name === null) {
    if (earlier && nameOfAccount(viewer, earlier.account) !== null)
      return { account: earlier.account, visibility: earlier.visibility }
    return { account: viewer.id, visibility: config.predictions }
  }
  const account = accountNamed(viewer, name)
  return account === null ? null : { account, visibility: isPrivate ? 'private' : 'public' }
}
