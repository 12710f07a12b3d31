import type { StoredFile } from '../domain/file/file.ts'
import type { Upload } from '../domain/file/upload.ts'
import type { CollectionRecord } from '../domain/model/collection.ts'
import type { Deployment } from '../domain/model/deployment.ts'
import type { ModelEdit } from '../domain/model/edit.ts'
import type { Version } from '../domain/model/model.ts'
import type { ModelRecord } from '../domain/model/record.ts'
import type { IndexedTexts } from '../domain/model/search-text.ts'
import type { UpstreamKey } from '../domain/model/upstream-key.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import type { AuditEntry } from '../domain/people/audit.ts'
import type { PredictionSubject, Visible } from '../domain/policy.ts'
import type { ColdStart } from '../domain/prediction/durations.ts'
import type { Prediction, Status } from '../domain/prediction/prediction.ts'
import type { PredictionList, PredictionSummary } from '../domain/prediction/prediction-list.ts'
import type { Delivery } from '../domain/webhook/delivery.ts'
import type { GroupStore } from './groups.ts'
import type { JudgementStore } from './judgements.ts'
import type { EmbedStore, PeopleStore, RightsStore, ShareStore } from './people.ts'
import type { RemovalStore, RetentionStore } from './retention.ts'
import type { StatisticsStore } from './statistics.ts'

/** The predictions of a list: those that match every member that is present. */
export interface PredictionFilter {
  readonly model?: ModelRef
  readonly statuses?: readonly Status[]
  readonly createdBy?: string
  /** Made for this account. */
  readonly account?: string
  readonly source?: Prediction['source']
  /** Created after and before these moments, in milliseconds since 1970. */
  readonly createdAfter?: number
  readonly createdBefore?: number
  /** Words that its texts have to contain, as a person types them. Of settled predictions alone. */
  readonly text?: string
  /** A favourite of this viewer. */
  readonly favouriteOf?: string
  /** With a file that it made. */
  readonly hasFiles?: boolean
  /** Not a sub-run, and of each group of runs the one that stands for it. */
  readonly isTop?: boolean
  /** Of this group of runs. */
  readonly group?: string
  /** Those that a viewer may see. */
  readonly visible?: Visible
}

/** A reference to a file. */
export interface KeptFile {
  readonly file: StoredFile
  /** Account that uploaded it; null for files that predictions made, and where that is not known. */
  readonly account: string | null
  /** The prediction that it belongs to; null when none took it. */
  readonly prediction: string | null
  /** The group of runs of that prediction; null for none. */
  readonly group: string | null
  /** Who may see that prediction. */
  readonly of: (PredictionSubject & Pick<Prediction, 'model'>) | null
}

/** One page of the list of uploads. */
export interface UploadPage {
  readonly uploads: readonly Upload[]
  /** Where the next page begins; null at the end. Opaque. */
  readonly next: string | null
}

/** Identifies a press on Run by the hidden key of its form. */
export interface IdempotencyKey {
  /** Made of the form's key and of the input: the same form with another input is another press. */
  readonly key: string
  /** Predictions from before this moment (milliseconds since 1970) do not count. */
  readonly since: number
}

export interface AcceptOptions {
  /** The sealed secrets of its input, which are deleted in the transaction that settles it. */
  readonly sealed?: string | null
  /**
   * Called once the new prediction is kept, but may not be on disk yet: a crash of the machine could
   * undo it. Its saves are on disk after it. Not called when there was an earlier one.
   */
  readonly taken?: () => void
}

/** How far a prediction has come. */
export interface Revision {
  readonly revision: number
  /** Grows with each sub-run and each of their changes. */
  readonly beneath: number
  /** Whether it waits for its turn, so that its place may change. */
  readonly waits: boolean
}

/** A version in a list. */
export interface VersionSummary {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When the first prediction of it was accepted; null when none was, or that is not known. */
  readonly firstRunAt: number | null
  /** How many predictions were ever accepted with it. */
  readonly runs: number
}

/** A model that was listed at some time. */
export interface SeenModel {
  readonly ref: ModelRef
  /** When it was first seen, in milliseconds since 1970. */
  readonly seenAt: number
  /** The signature of its indexed texts; null when they are not indexed. */
  readonly signature: string | null
}

/** A search for models by parts of their texts, each of three characters. */
export interface TextSearch {
  readonly parts: readonly string[]
  /** The texts that are searched. */
  readonly fields: readonly (keyof IndexedTexts)[]
  /** How many of the parts a model has at least. */
  readonly least: number
  /** The most models that are found. */
  readonly most: number
}

/** The changes that an entry of the audit log can be kept with. */
export type RecordedChanges = Pick<
  Store,
  | 'remove'
  | 'removeVersion'
  | 'removeUpload'
  | 'share'
  | 'openShare'
  | 'endShares'
  | 'addEmbed'
  | 'endEmbed'
  | 'addRemoval'
  | 'setExample'
  | 'setVisibility'
  | 'saveModel'
  | 'removeModel'
  | 'saveModelEdit'
  | 'removeModelEdit'
  | 'saveUpstreamKey'
  | 'removeUpstreamKey'
  | 'saveCollection'
  | 'removeCollection'
  | 'saveDeployment'
  | 'removeDeployment'
  | 'changePerson'
  | 'addSession'
  | 'endSession'
  | 'endSessions'
  | 'addToken'
  | 'useToken'
  | 'revokeToken'
  | 'saveGrant'
  | 'removeGrant'
>

/**
 * Keeps predictions, versions and references to files. When the promise of a write resolves, the write
 * is on disk and survives a crash. Rejections are `NoSpace`, `StoreBusy` when another process locked
 * the database for too long, or an error of the database itself.
 */
export interface Store
  extends PeopleStore,
    RightsStore,
    ShareStore,
    EmbedStore,
    RetentionStore,
    RemovalStore,
    GroupStore,
    JudgementStore,
    StatisticsStore {
  /**
   * The store for one change, which keeps an entry of the audit log in its transaction. A change that
   * resolves with false, since there was nothing to change, keeps none.
   */
  recording(entry: AuditEntry): RecordedChanges
  /**
   * Keeps a new prediction, its version and the references to its files, in one transaction.
   * Resolves with the earlier prediction instead when one of the same version was accepted with the
   * same idempotency key: a double click makes one prediction. A version that is known to be kept may
   * be null.
   */
  accept(
    prediction: Prediction,
    version: Version | null,
    idempotency: IdempotencyKey | null,
    options?: AcceptOptions,
  ): Promise<Prediction>
  /** The prediction of this version that was accepted with an idempotency key; null when there is none. */
  findAccepted(version: string, idempotency: IdempotencyKey): Promise<Prediction | null>
  /**
   * How many predictions a viewer has made since a moment, in milliseconds since 1970, and how long
   * models worked on them, in milliseconds.
   */
  usedSince(
    createdBy: string,
    since: number,
  ): Promise<{ readonly runs: number; readonly ms: number }>
  /** The sealed secrets of an unsettled prediction; null when it has none. */
  findSecrets(prediction: string): Promise<string | null>
  /** The whole prediction; null when there is none. */
  find(id: string): Promise<Prediction | null>
  /** How far predictions have come, by their ids. Those that are removed are left out. */
  revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, Revision>>
  /**
   * Compare and set: replaces `previous` by `next` if the revision of `previous` is still the kept one;
   * otherwise changes nothing and resolves with false. Output and logs that grew are appended, not
   * rewritten. The webhook deliveries of the change are kept in the same transaction.
   */
  save(previous: Prediction, next: Prediction): Promise<boolean>
  /** Removes a prediction and its references to files, and ends its share links; false when there was none. */
  remove(id: string, at: number): Promise<boolean>
  /**
   * One page of at most `limit` predictions; `before` is the `next` of the page before it. It takes
   * bounded time whatever the filter is, and has fewer when few of very many match.
   */
  page(filter: PredictionFilter, limit: number, before: string | null): Promise<PredictionList>
  /** The last predictions of a model that a viewer made, newest first, 6 at most. */
  lastRuns(model: ModelRef, viewer: string): Promise<readonly PredictionSummary[]>
  /** Every prediction that is not settled, oldest first. */
  unsettled(): Promise<Prediction[]>
  findVersion(model: ModelRef, id: string): Promise<Version | null>
  /** Keeps a version before it has predictions. Idempotent. */
  addVersion(version: Version): Promise<void>
  /** The kept versions of a model, newest first. */
  versionsOf(model: ModelRef): Promise<readonly VersionSummary[]>
  /** Removes a version; false when there is none, or when it has predictions and is kept. */
  removeVersion(model: ModelRef, id: string): Promise<boolean>
  /** How many predictions were ever accepted, by the name of their model. */
  runCounts(): Promise<ReadonlyMap<string, number>>
  /** The milliseconds that the last succeeded runs of a model took, up to `limit`, the latest first. */
  lastRunTimes(model: ModelRef, limit: number): Promise<readonly number[]>
  /** The latest succeeded run of a model that booted it, among its last hundred; null when there is none. */
  lastColdStart(model: ModelRef): Promise<ColdStart | null>
  /** The model that a kept version belongs to. */
  modelOfVersion(id: string): Promise<ModelRef | null>
  /** Adds a reference to a file that an account uploaded, which no prediction has taken yet. */
  addFile(file: StoredFile, account: string, at: number): Promise<void>
  findFile(ref: string): Promise<KeptFile | null>
  /** Adds a reference to a file that a program uploaded. It stays in the list when a prediction takes it. */
  addUpload(upload: Upload): Promise<void>
  findUpload(ref: string): Promise<Upload | null>
  /** One page of at most `limit` uploads of an account, newest first; `before` is the `next` of the page before. */
  uploads(owner: string, limit: number, before: string | null): Promise<UploadPage>
  /** Removes an upload; a prediction that took it keeps it. False when there was none. */
  removeUpload(ref: string, at: number): Promise<boolean>
  /** Makes a prediction an example of its model, or no longer one. Idempotent. */
  setExample(prediction: Prediction, isExample: boolean, at: number): Promise<void>
  /**
   * Changes who may see a prediction and its sub-runs. Resolves with the ids of those that changed, or
   * with false when none did. Share links of those that become private end.
   */
  setVisibility(
    prediction: string,
    visibility: Prediction['visibility'],
    at: number,
  ): Promise<readonly string[] | false>
  /** Makes a prediction a favourite of a viewer, or no longer one. Idempotent. */
  setFavourite(
    viewer: string,
    prediction: Pick<Prediction, 'id' | 'createdAt'>,
    isFavourite: boolean,
  ): Promise<void>
  /** Those of these predictions that are favourites of a viewer. */
  favouritesAmong(viewer: string, predictions: readonly string[]): Promise<ReadonlySet<string>>
  /** The examples of a model, oldest first, 50 at most. */
  examplesOf(model: ModelRef): Promise<readonly PredictionSummary[]>
  /** The operators' records of models, in the order in which they were created. */
  models(): Promise<readonly ModelRecord[]>
  /** Creates or replaces the record of a model. */
  saveModel(record: ModelRecord): Promise<void>
  /** False when there was none. */
  removeModel(model: ModelRef): Promise<boolean>
  /** The edits of all models, in no order. */
  modelEdits(): Promise<readonly ModelEdit[]>
  /**
   * Compare and set: creates or replaces the edit of a model if its revision is this one, 0 for none;
   * otherwise changes nothing and resolves with false. The file of its cover is kept as long as it. When it
   * makes the model private, the share links to its predictions end.
   */
  saveModelEdit(edit: ModelEdit, ifRevision: number): Promise<boolean>
  /** False when there was none. */
  removeModelEdit(model: ModelRef, at: number): Promise<boolean>
  /** The keys of upstreams that operators gave, by address. */
  upstreamKeys(): Promise<readonly UpstreamKey[]>
  /** Creates or replaces the key of an address. */
  saveUpstreamKey(key: UpstreamKey): Promise<void>
  /** False when there was none. */
  removeUpstreamKey(address: string): Promise<boolean>
  /** The models that a viewer ran last, each with its last run of the viewer, in milliseconds since 1970. */
  recentModels(
    createdBy: string,
    most: number,
  ): Promise<readonly { readonly ref: ModelRef; readonly at: number }[]>
  /** Every model that was ever listed, in the order in which they were first seen. */
  seenModels(): Promise<readonly SeenModel[]>
  /** Keeps when models were seen, unless they were seen before. */
  seeModels(models: readonly ModelRef[], at: number): Promise<void>
  /** Replaces the indexed texts of models. */
  indexModels(
    models: readonly {
      readonly ref: ModelRef
      readonly signature: string
      readonly texts: IndexedTexts
    }[],
    at: number,
  ): Promise<void>
  /** Models whose indexed texts have enough of the parts, those with the most parts first. */
  findModels(search: TextSearch): Promise<readonly ModelRef[]>
  /** The collections of operators, in the order in which they were made. */
  collections(): Promise<readonly CollectionRecord[]>
  /**
   * Compare and set: creates or replaces a collection if its revision is this one, 0 for none;
   * otherwise changes nothing and resolves with false.
   */
  saveCollection(collection: CollectionRecord, ifRevision: number): Promise<boolean>
  /** False when there was none. */
  removeCollection(slug: string): Promise<boolean>
  /** Every deployment, in the order in which they were created. */
  deployments(): Promise<readonly Deployment[]>
  /**
   * Keeps the first release of a new deployment, or the next one of a deployment. Changes nothing and
   * resolves with false when the release that is kept is not the one before it.
   */
  saveDeployment(deployment: Deployment): Promise<boolean>
  /** False when there was none. */
  removeDeployment(ref: ModelRef): Promise<boolean>
  /** The webhook deliveries of a prediction, in the order in which they are sent. */
  deliveriesOf(prediction: string): Promise<readonly Delivery[]>
  /** Up to `limit` pending deliveries to a receiver, the next to be tried first. */
  pendingDeliveries(receiver: string, limit: number): Promise<readonly Delivery[]>
  /** Every receiver with a pending delivery. */
  receivers(): Promise<readonly string[]>
  /**
   * Keeps the outcome of a try. When the delivery is no longer pending, the one that waits for it
   * becomes pending.
   */
  keepTry(tried: Delivery): Promise<void>
  /** The first sub-runs of each of these predictions that has any: at most `most` of each, oldest first. */
  childrenAmong(
    predictions: readonly string[],
    most: number,
  ): Promise<ReadonlyMap<string, readonly PredictionSummary[]>>
  /** The sub-runs of a prediction, oldest first. */
  childrenOf(prediction: string): Promise<readonly PredictionSummary[]>
  /** Those of these contents that the store knows. */
  knownContents(sha256: readonly string[]): Promise<Set<string>>
  /**
   * Removes references from before `before` that no prediction and no cover took, then up to `limit` contents that
   * have had no references since then. Resolves with the SHA-256 of those contents.
   */
  forget(before: number, limit: number): Promise<string[]>
  /** Resolves when the database can be used; rejects with the reason, for its operator. */
  ping(): Promise<void>
  /** Closes after the writes under way. */
  close(): Promise<void>
}
