/**
 * The one place that decides who may do what: `may` for one thing, `visible` for lists.
 * @module
 */

import type { Model } from './model/model.ts'
import type { ModelRef } from './model-ref.ts'
import { accountsOf } from './people/account.ts'
import type { Grant } from './people/grant.ts'
import type { Share, ShareRule } from './people/share.ts'
import { hasRole, hasScope, type Viewer } from './people/viewer.ts'
import type { Prediction } from './prediction/prediction.ts'
import type { Webhook } from './prediction/webhook.ts'

/** A model, as far as it decides who may use it. */
export interface ModelSubject {
  readonly ref: ModelRef
  readonly visibility: Model['visibility']
  /** Those who have access to it while it is private, besides its namespace and operators. */
  readonly grants: readonly Pick<Grant, 'grantee' | 'may'>[]
}

/** A prediction, as far as it decides who may see and change it. */
export type PredictionSubject = Pick<Prediction, 'createdBy' | 'account' | 'visibility'>

/** A group of runs. Each of its predictions decides for itself. */
export type GroupSubject = PredictionSubject

/** An uploaded file that no prediction has taken, or an upload of the API. */
export interface FileSubject {
  /** Account that uploaded it; null when that is not known: files from before there were accounts. */
  readonly account: string | null
}

/** A deployment, as far as it decides who may use it. */
export interface DeploymentSubject {
  /** The name of the account that it belongs to: a handle, the owner name of a group, `token-…`. */
  readonly owner: string
}

/** Actions on a model. `share`: give out links with which others may run it. */
export type ModelAction = 'see' | 'run' | 'change' | 'share'
export type PredictionAction =
  | 'see'
  | 'cancel'
  | 'share'
  | 'change visibility'
  | 'show as example'
  | 'show as cover'
  | 'see deliveries'
  | 'judge'
  | 'delete'
/** `change`: stop it, go on with it, rename and delete it. `share`: with all of its predictions. */
export type GroupAction = 'see' | 'change' | 'share'
export type FileAction = 'see' | 'delete'
export type DeploymentAction = 'use'
/** Actions on the server as a whole. `have tokens`: make personal API tokens. */
export type ServerAction = 'operate' | 'read metrics' | 'have tokens'

type Action =
  | ModelAction
  | PredictionAction
  | GroupAction
  | FileAction
  | DeploymentAction
  | ServerAction

/** The thing that an action is done to. `of`: the model of a prediction. */
export type Thing =
  | { readonly model: ModelSubject }
  | { readonly prediction: PredictionSubject; readonly of: ModelSubject }
  | { readonly group: GroupSubject }
  | { readonly file: FileSubject }
  | { readonly deployment: DeploymentSubject }

/** Whether a viewer may take an action. A viewer without an id owns nothing. */
export function may(viewer: Viewer, action: ServerAction): boolean
export function may(viewer: Viewer, action: ModelAction, thing: { model: ModelSubject }): boolean
export function may(
  viewer: Viewer,
  action: PredictionAction,
  thing: { prediction: PredictionSubject; of: ModelSubject },
): boolean
export function may(viewer: Viewer, action: GroupAction, thing: { group: GroupSubject }): boolean
export function may(viewer: Viewer, action: FileAction, thing: { file: FileSubject }): boolean
export function may(
  viewer: Viewer,
  action: DeploymentAction,
  thing: { deployment: DeploymentSubject },
): boolean
export function may(viewer: Viewer, action: Action, thing?: Thing): boolean {
  if (thing === undefined) return mayOnServer(viewer, action)
  if ('model' in thing) return mayWithModel(viewer, action, thing.model)
  if ('group' in thing) return mayWithGroup(viewer, action, thing.group)
  if ('file' in thing) return mayWithFile(viewer, action, thing.file)
  if ('deployment' in thing) return mayUseDeployment(viewer, thing.deployment)
  return mayWithPrediction(viewer, action, thing.prediction, thing.of)
}

/** Whether someone may add models, change settings, and see what is private. */
export function mayOperate(viewer: Viewer): boolean {
  return hasRole(viewer, 'operator') && hasScope(viewer, 'operate')
}

function mayOnServer(viewer: Viewer, action: Action): boolean {
  if (action === 'read metrics')
    return hasRole(viewer, 'operator') && (mayOperate(viewer) || hasScope(viewer, 'metrics'))
  if (action === 'have tokens')
    return viewer.kind === 'person' && viewer.scopes === null && hasRole(viewer, 'member')
  return action === 'operate' && mayOperate(viewer)
}

function mayWithModel(viewer: Viewer, action: Action, model: ModelSubject): boolean {
  const isOfNamespace = viewer.namespaces.includes(model.ref.owner)
  const mayChange =
    mayOperate(viewer) ||
    (isOfNamespace && hasRole(viewer, 'member') && hasScope(viewer, 'operate'))
  if (action === 'change') return mayChange
  if (action === 'share') return mayChange || model.visibility === 'public'
  if (!mayRead(viewer)) return false
  const given = model.visibility === 'public' ? null : grantsTo(viewer, model)
  const mayUse = given === null || isOfNamespace || mayOperate(viewer)
  if (action === 'see') return mayUse || (given?.length ?? 0) > 0
  const mayRun = mayUse || given?.includes('run') === true
  return action === 'run' && mayRun && hasRole(viewer, 'member') && hasScope(viewer, 'run')
}

function grantsTo(viewer: Viewer, { grants }: ModelSubject): readonly Grant['may'][] {
  if (grants.length === 0) return []
  const accounts = accountsOf(viewer)
  return grants.filter(({ grantee }) => accounts.includes(grantee)).map((one) => one.may)
}

function mayWithPrediction(
  viewer: Viewer,
  action: Action,
  prediction: PredictionSubject,
  model: ModelSubject,
): boolean {
  if (action === 'judge')
    return hasScope(viewer, 'run') && mayWithPrediction(viewer, 'see', prediction, model)
  // Everyone who sees the model sees its cover: one who oversees others shows nothing of what is private to them.
  if (action === 'show as cover')
    return (
      mayWithPrediction(viewer, 'see', prediction, model) &&
      (prediction.visibility === 'public' || isMadeFor(viewer, prediction))
    )
  const isOwn = isMadeFor(viewer, prediction) || mayOversee(viewer)
  if (action !== 'see') return isOwn && (action === 'see deliveries' || hasScope(viewer, 'run'))
  if (!mayRead(viewer)) return false
  return isOwn || (prediction.visibility === 'public' && mayWithModel(viewer, 'see', model))
}

function mayWithGroup(viewer: Viewer, action: Action, group: GroupSubject): boolean {
  const isOwn = isMadeFor(viewer, group) || mayOversee(viewer)
  if (action !== 'see') return isOwn && hasScope(viewer, 'run')
  return mayRead(viewer) && (isOwn || group.visibility === 'public')
}

function mayWithFile(viewer: Viewer, action: Action, { account }: FileSubject): boolean {
  const isOwn = account !== null && accountsOf(viewer).includes(account)
  if (!isOwn && !mayOversee(viewer)) return false
  return action === 'see' ? mayRead(viewer) : hasScope(viewer, 'run')
}

/** A token of the environment uses those that operators made, too, but not those of other tokens. */
function mayUseDeployment(viewer: Viewer, { owner }: DeploymentSubject): boolean {
  if (!mayRead(viewer)) return false
  if (viewer.namespaces.includes(owner) || owner === viewer.id.replace(':', '-')) return true
  return mayOversee(viewer) || (mayOperate(viewer) && !/^token-[0-9a-f]{16}$/.test(owner))
}

/** Who may see a prediction: everybody who is let in, or its account alone. */
export type Reach = 'public' | 'private'

/** The reach of a prediction with its model as it is now. */
export function reachOf(
  { visibility }: Pick<PredictionSubject, 'visibility'>,
  model: Pick<ModelSubject, 'visibility'>,
): Reach {
  return visibility === 'public' && model.visibility === 'public' ? 'public' : 'private'
}

/** Whether they made a prediction, or act for the account for which it was made. */
export function isMadeFor(viewer: Viewer, { createdBy, account }: PredictionSubject): boolean {
  if (viewer.id === '') return false
  return createdBy === viewer.id || accountsOf(viewer).includes(account)
}

/** Whether they may see and change what others made. Tokens of the environment are not people. */
function mayOversee(viewer: Viewer): boolean {
  return mayOperate(viewer) && viewer.kind !== 'machine'
}

/** A share link, as far as it decides for whom it opens. */
export type ShareSubject = Pick<Share, 'createdBy' | 'audience' | 'people' | 'scope'>

/**
 * Whether a share link that has not ended opens for somebody. `sign in`: perhaps, once they are known.
 * `hidden`: it is for others, as if it did not exist.
 */
export function opensFor(
  viewer: Viewer,
  { createdBy, audience, people }: ShareSubject,
  rule: ShareRule,
): 'open' | 'sign in' | 'hidden' {
  if (rule === 'off') return 'hidden'
  if (audience === 'anyone' && rule === 'anyone') return 'open'
  if (viewer.kind === 'nobody') return 'sign in'
  if (audience !== 'people') return 'open'
  const accounts = accountsOf(viewer)
  const isNamed = people.some(({ account }) => accounts.includes(account))
  const isMaker = createdBy !== '' && createdBy === viewer.id
  return isNamed || isMaker || mayOversee(viewer) ? 'open' : 'hidden'
}

/** Whether somebody for whom a share link opens may run its model with it, even a private one. */
export function mayRunBy(viewer: Viewer, { scope }: ShareSubject): boolean {
  const isKnown = viewer.kind !== 'nobody'
  return scope === 'run' && isKnown && hasRole(viewer, 'member') && hasScope(viewer, 'run')
}

/** Whether somebody may judge what a share link shows to them: people who are signed in. */
export function mayJudgeShared(viewer: Viewer): boolean {
  return viewer.kind === 'person' && hasScope(viewer, 'run')
}

/** Whether somebody sees a prediction or an upload only since they oversee what is private to others. */
export function oversees(
  viewer: Viewer,
  thing:
    | { readonly prediction: PredictionSubject; readonly of: ModelSubject }
    | { readonly file: FileSubject },
): boolean {
  if (!mayOversee(viewer)) return false
  if ('file' in thing) return !mayWithFile({ ...viewer, role: 'member' }, 'see', thing.file)
  const { prediction, of } = thing
  if (isMadeFor(viewer, prediction)) return false
  const isPublic = prediction.visibility === 'public' && of.visibility === 'public'
  return !isPublic && !may({ ...viewer, role: 'member' }, 'see', thing)
}

function mayRead(viewer: Viewer): boolean {
  return hasScope(viewer, 'read') || hasScope(viewer, 'run') || hasScope(viewer, 'operate')
}

/** The predictions that someone may see, for the conditions of lists and counts. */
export interface Visible {
  /** Id of the viewer: those that they made. */
  readonly createdBy: string
  /** Those that were made for one of these accounts. */
  readonly accounts: readonly string[]
  /** Public ones are those of all models but these. */
  readonly hidden: readonly ModelRef[]
}

/** What a viewer may see in lists. `privateModels`: every private model there is. */
export function visible(viewer: Viewer, privateModels: readonly ModelSubject[]): Visible | 'all' {
  if (mayOversee(viewer)) return 'all'
  return {
    createdBy: viewer.id,
    accounts: accountsOf(viewer).filter((account) => account !== viewer.id),
    hidden: privateModels.filter((model) => !may(viewer, 'see', { model })).map(({ ref }) => ref),
  }
}

/**
 * The prediction as a viewer may see it: without its webhook for those who may not see deliveries.
 */
export function shownTo<Shown extends PredictionSubject & { readonly webhook: Webhook | null }>(
  viewer: Viewer,
  prediction: Shown,
): Shown {
  const isWhole = prediction.webhook === null || isMadeFor(viewer, prediction) || mayOversee(viewer)
  return isWhole ? prediction : { ...prediction, webhook: null }
}
