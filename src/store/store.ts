import type { StoredFile } from '../domain/file/file.ts'
import type { Upload } from '../domain/file/upload.ts'
import type { Deployment } from '../domain/model/deployment.ts'
import type { Version } from '../domain/model/model.ts'
import type { ModelRecord } from '../domain/model/record.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import type { PredictionPage, PredictionSummary } from '../domain/prediction/page.ts'
import type { Prediction, Status } from '../domain/prediction/prediction.ts'
import type { Share } from '../domain/share.ts'
import type { Delivery } from '../domain/webhook/delivery.ts'

/** Which predictions a list holds; an absent member does not narrow it. */
export interface PredictionFilter {
  readonly model?: ModelRef
  readonly statuses?: readonly Status[]
  readonly createdBy?: string
  readonly source?: Prediction['source']
  /** Made after this moment (milliseconds since 1970), and before the next. */
  readonly createdAfter?: number
  readonly createdBefore?: number
}

/** A part of the list of uploads. */
export interface UploadPage {
  readonly uploads: readonly Upload[]
  /** Where the next page begins; null at the end. Opaque. */
  readonly next: string | null
}

/** A press on Run, told apart from the next press by the hidden key of its form. */
export interface IdempotencyKey {
  /** Made of the form's key and of what was sent: the same form with other inputs is another press. */
  readonly key: string
  /** Presses before this moment (milliseconds since 1970) are not the same press. */
  readonly since: number
}

/** What a list of versions shows of one. */
export interface VersionSummary {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** How many predictions were ever accepted with it. */
  readonly runs: number
}

/**
 * Where predictions, versions and references to files are kept. A promise that resolves means
 * "on disk": nothing of it is lost to a crash. A rejection is a `NoSpace`, a
 * `StoreBusy` when another process held the database for too long, or a fault of the database itself.
 */
export interface Store {
  /**
   * Keeps a new prediction, its version and the references to its files, in one transaction.
   * Answers the earlier prediction instead when one of the same version was accepted under the
   * same key since then: two clicks are one prediction. `sealed` is what its input leaves out: its
   * secrets, which are deleted in the transaction that settles it.
   */
  accept(
    prediction: Prediction,
    version: Version,
    idempotency: IdempotencyKey | null,
    sealed?: string | null,
  ): Promise<Prediction>
  /** The sealed secrets of an unsettled prediction; null when it has none. */
  findSecrets(prediction: string): Promise<string | null>
  /** The whole prediction; null when there is none. */
  find(id: string): Promise<Prediction | null>
  /**
   * Replaces `previous` by `next` if `previous` is still what is kept (by its revision); false,
   * and nothing is changed, when it is not. Output and logs that grew are appended, not rewritten.
   * What its webhook is to be told of that change is kept in the same transaction.
   */
  save(previous: Prediction, next: Prediction): Promise<boolean>
  /** Removes a prediction with its references to files; false when there was none. */
  remove(id: string, at: number): Promise<boolean>
  /** One page of at most `limit` predictions; `before` is the `next` of the page before it. */
  page(filter: PredictionFilter, limit: number, before: string | null): Promise<PredictionPage>
  /** Every prediction that is not settled, oldest first. */
  unsettled(): Promise<Prediction[]>
  findVersion(model: ModelRef, id: string): Promise<Version | null>
  /** Keeps a version that no prediction was made with yet. Twice is as good as once. */
  addVersion(version: Version): Promise<void>
  /** Every version of a model that is kept, newest first. */
  versionsOf(model: ModelRef): Promise<readonly VersionSummary[]>
  /** Forgets a version; false, and nothing is changed, when there is none or a prediction is of it. */
  removeVersion(model: ModelRef, id: string): Promise<boolean>
  /** How many predictions were ever accepted, by the model's name. */
  runCounts(): Promise<ReadonlyMap<string, number>>
  /** The model that a kept version belongs to. */
  modelOfVersion(id: string): Promise<ModelRef | null>
  /** Refers to an uploaded file that no prediction has yet. */
  addFile(file: StoredFile, at: number): Promise<void>
  /** The file that a reference names, and the prediction it belongs to, if any. */
  findFile(ref: string): Promise<{ file: StoredFile; prediction: string | null } | null>
  /** Refers to a file that a program uploaded. What a prediction takes of it is listed all the same. */
  addUpload(upload: Upload): Promise<void>
  findUpload(ref: string): Promise<Upload | null>
  /** One page of at most `limit` uploads, newest first; `before` is the `next` of the page before. */
  uploads(limit: number, before: string | null): Promise<UploadPage>
  /** Removes an upload; a prediction that took it keeps it. False when there was none. */
  removeUpload(ref: string, at: number): Promise<boolean>
  /** Keeps a link to a prediction, unless it has one that still works. */
  share(share: Share): Promise<void>
  findShare(token: string): Promise<Share | null>
  /** The links to a prediction that still work, oldest first. */
  sharesOf(prediction: string): Promise<Share[]>
  /** Ends a link; what it led to says so from then on. */
  revokeShare(token: string, at: number): Promise<void>
  /** Makes a prediction an example of its model, or ends that. Twice is as good as once. */
  setExample(prediction: Prediction, isExample: boolean, at: number): Promise<void>
  /** The predictions that are examples of a model, oldest first, 50 at most. */
  examplesOf(model: ModelRef): Promise<readonly PredictionSummary[]>
  /** What operators said of models, in the order in which they first did. */
  models(): Promise<readonly ModelRecord[]>
  /** Keeps what an operator says of a model in place of what was said before. */
  saveModel(record: ModelRecord): Promise<void>
  /** False when nothing was said of it. */
  removeModel(model: ModelRef): Promise<boolean>
  /** Every deployment, in the order in which they were made. */
  deployments(): Promise<readonly Deployment[]>
  /** Keeps a deployment in place of what was kept of it. */
  saveDeployment(deployment: Deployment): Promise<void>
  /** False when there was none. */
  removeDeployment(ref: ModelRef): Promise<boolean>
  /** What the webhook of a prediction is told, in the order in which it is told. */
  deliveriesOf(prediction: string): Promise<readonly Delivery[]>
  /** Up to `limit` deliveries to a receiver that are pending, the one to be tried first before the others. */
  pendingDeliveries(receiver: string, limit: number): Promise<readonly Delivery[]>
  /** Every receiver that has a delivery pending. */
  receivers(): Promise<readonly string[]>
  /**
   * Keeps what came of a try of a pending delivery. One that is over makes way for the one that
   * waits behind it, which is tried from then on.
   */
  keepTry(tried: Delivery): Promise<void>
  /** The predictions that the model of this one asked for, oldest first. */
  childrenOf(prediction: string): Promise<readonly PredictionSummary[]>
  /** Of these contents, the ones that are known. */
  knownContents(sha256: readonly string[]): Promise<Set<string>>
  /**
   * Forgets references without a prediction made before `before`, then up to `limit` contents
   * that nothing has referred to since, and answers the SHA-256 of those contents.
   */
  forget(before: number, limit: number): Promise<string[]>
  /** Resolves when the database can be worked with; rejects with what is wrong with it, for its operator. */
  ping(): Promise<void>
  /** Waits for writes under way, then closes. */
  close(): Promise<void>
}
