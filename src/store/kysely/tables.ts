import type { Generated } from 'kysely'
import type { StoredFile } from '../../domain/file/file.ts'
import type { Axis, RunGroup } from '../../domain/group/group.ts'
import type { Json, JsonObject } from '../../domain/json/json.ts'
import type { Choice, Judgement } from '../../domain/judgement/judgement.ts'
import type { Release } from '../../domain/model/deployment.ts'
import type { EditedCover } from '../../domain/model/edit.ts'
import type { Model } from '../../domain/model/model.ts'
import type { ModelSettings, ModelSource } from '../../domain/model/record.ts'
import type { ModelRef } from '../../domain/model-ref.ts'
import type { Excerpt } from '../../domain/output/large-output.ts'
import type { AuditAction, AuditEntry } from '../../domain/people/audit.ts'
import type { EmbedEnd, EmbedLink } from '../../domain/people/embed-link.ts'
import type { Grant } from '../../domain/people/grant.ts'
import type { OwnQuota } from '../../domain/people/quota.ts'
import type { Share, SharedWith, ShareEnd } from '../../domain/people/share.ts'
import type { Role, Scope } from '../../domain/people/viewer.ts'
import type {
  PhaseStart,
  Prediction,
  Progress,
  Status,
} from '../../domain/prediction/prediction.ts'
import type { TurnsState } from '../../domain/prediction/turns.ts'
import type { Webhook } from '../../domain/prediction/webhook.ts'
import type { DeliveryState, LastingEvent } from '../../domain/webhook/delivery.ts'
import type { InstanceRequest, SharedInstances } from '../instances.ts'
import type { LocalModel } from '../replicas.ts'
import type { PredictionFilter } from '../store.ts'
import type { JsonText } from './prediction-rows.ts'

/**
 * The columns of every table: JSON as text, times in milliseconds since 1970. A driver that returns
 * `bigint` columns as texts has to convert them to numbers.
 */
export interface Tables {
  predictions: PredictionRow
  chunks: ChunkRow
  versions: VersionRow
  contents: ContentRow
  files: FileRow
  shares: ShareRow
  embed_links: EmbedLinkRow
  secrets: SecretRow
  examples: ExampleRow
  models: ModelRow
  model_edits: ModelEditRow
  collections: CollectionRow
  seen_models: SeenModelRow
  runs: RunsRow
  deployments: DeploymentRow
  deliveries: DeliveryRow
  favourites: FavouriteRow
  texts: TextRow
  people: PersonRow
  sessions: SessionRow
  tokens: TokenRow
  grants: GrantRow
  audit: AuditRow
  removals: RemovalRow
  replicas: ReplicaRow
  lanes: LaneRow
  receivers: ReceiverRow
  usage: UsageRow
  upstream_notes: UpstreamNoteRow
  upstream_keys: UpstreamKeyRow
  run_groups: RunGroupRow
  planned_runs: PlannedRunRow
  judgements: JudgementRow
  choices: ChoiceRow
  model_scores: ModelScoreRow
  run_counts: RunCountRow
  instance_requests: InstanceRequestRow
  instance_states: InstanceStatesRow
}

export interface PredictionRow {
  id: string
  model_owner: string
  model_name: string
  version: string
  provider: string
  status: Status
  input: JsonText<JsonObject>
  /** Null until it is settled: the output so far is in `chunks`. */
  output: JsonText<Json> | null
  excerpt: JsonText<Excerpt> | null
  /** 1 or 0. */
  iterates: number
  files: JsonText<readonly StoredFile[]>
  error: string | null
  /** Empty until it is settled: the logs so far are in `chunks`. */
  logs: string
  progress: JsonText<Progress> | null
  attempt: number
  revision: number
  created_at: number
  started_at: number | null
  completed_at: number | null
  source: Prediction['source']
  created_by: string
  /** Null for the account of its maker. */
  account: string | null
  visibility: Prediction['visibility']
  parent: string | null
  metrics: JsonText<JsonObject>
  /** Null for none. */
  phases: Generated<JsonText<readonly PhaseStart[]> | null>
  remote: string | null
  deadline: number | null
  continues: Generated<string | null>
  /** `owner/name`. */
  deployment: string | null
  webhook: JsonText<Webhook> | null
  /** Its idempotency key; null when it did not come from a form. */
  form_key: string | null
  /** The inputs as lists show them, and the first files it made; null in rows from before these columns. */
  summary: string | null
  made: JsonText<readonly StoredFile[]> | null
  /** The beginning of its output in one line; null until it is settled, and when there is no text. */
  snippet: string | null
  /** Orders predictions as they were accepted; the row of its words in `texts`. */
  number: number
  /** When its inputs, output, logs and files were removed; null while it has them. */
  data_removed_at: Generated<number | null>
  /** The replica that runs it; null when it waits or is settled, and for SQLite. */
  owner: Generated<string | null>
  /** Why the replica that runs it is to end it; null when it is not. */
  ending: Generated<string | null>
  /** Not used. */
  heartbeat_at: Generated<number | null>
  /** The id of its group, and its place there; both null when it has none. */
  run_group: Generated<string | null>
  place: Generated<number | null>
  /** 0 for the predictions of a group that another one stands for in lists; else 1. */
  listed: Generated<number>
}

/** The output and the logs of an unsettled prediction so far, in the order of `position`. */
export interface ChunkRow {
  prediction: string
  part: 'output' | 'logs'
  /** The position of its first item or, in logs, of its first UTF-16 unit. */
  position: number
  /** A text of the logs; a list of items of an output that iterates; any other output as `{ whole }`. */
  body: JsonText<Json>
}

export interface VersionRow {
  model_owner: string
  model_name: string
  id: string
  provider: string
  schemas: JsonText<JsonObject>
  /** Null when unknown. */
  cog_version: string | null
  created_at: number
}

/** One row for each content in the file store. */
export interface ContentRow {
  sha256: string
  size: number
  /** When its last reference was removed; null while it has references. */
  unreferenced_at: number | null
}

/** One row for each reference to a content. */
export interface FileRow {
  ref: string
  sha256: string
  name: string
  type: string
  size: number
  /** Null until a prediction takes it. */
  prediction: string | null
  created_at: number
  /** The owner of the API token that uploaded it; null for files from forms and from models. */
  owner: Generated<string | null>
  /** Account of the viewer who uploaded it in a form; null for files from before, and from models. */
  account: Generated<string | null>
  /** As given with the upload; null when `owner` is. */
  metadata: Generated<JsonText<JsonObject> | null>
}

/** One row for each deletion of many predictions that is under way. */
interface RemovalRow {
  id: string
  filter: JsonText<PredictionFilter>
  uploads_of: string | null
  created_at: number
}

/** One row for each replica, as of its last heartbeat. */
export interface ReplicaRow {
  id: string
  /** Of its host. */
  name: string
  started_at: number
  /** By the clock of the database. */
  beat_at: number
  /** 1 when it is stopping, else 0. */
  draining: number
  /** The models that run in its own process. */
  models: JsonText<readonly LocalModel[]>
}

/** A lock for those who claim: of a model, or of a person whose running predictions are limited. */
interface LaneRow {
  /** `model owner/name` or `person ID`. */
  key: string
  /** The turns of the model. */
  state: JsonText<TurnsState>
}

/** The replica that sends the deliveries to a receiver, until a moment by the clock of the database. */
interface ReceiverRow {
  name: string
  owner: string
  until: number
}

/** On PostgreSQL alone, as is the next. */
export interface InstanceRequestRow {
  id: string
  replica: string
  kind: InstanceRequest['kind']
  subject: string
  asked_at: number
  progress: JsonText<Json> | null
  answer: JsonText<Json> | null
}

interface InstanceStatesRow {
  model: string
  states: JsonText<SharedInstances['states']>
  failures: JsonText<SharedInstances['failures']>
}

/** What a person has used of their limits. On PostgreSQL alone. */
export interface UsageRow {
  person: string
  day: number
  runs: number
  ms: number
  minute_from: number
  in_minute: number
}

/** One row for each share link. */
export interface ShareRow {
  id: string
  /** SHA-256 of the last segment of the link, which grants access to what is shared. */
  hash: string
  /** Empty for a share of a group. */
  prediction: string
  /** The group of runs that is shared; null for a share of a prediction. */
  run_group: Generated<string | null>
  created_by: string
  created_at: number
  expires_at: Generated<number | null>
  audience: Share['audience']
  people: JsonText<readonly SharedWith[]>
  scope: Share['scope']
  opens: number
  opened_at: Generated<number | null>
  /** Null while the link works, unless it has expired. */
  ended_at: Generated<number | null>
  ended: Generated<ShareEnd | null>
}

/** One row for each embed link. */
export interface EmbedLinkRow {
  id: string
  /** SHA-256 of the token in the link. */
  hash: string
  model_owner: string
  model_name: string
  origin: string
  shows: EmbedLink['shows']
  /** 1 or 0. */
  sign_in: number
  runs_per_day: Generated<number | null>
  expires_at: Generated<number | null>
  created_by: string
  created_at: number
  runs: number
  used_at: Generated<number | null>
  /** Null while the link works, unless it has expired. */
  ended_at: Generated<number | null>
  ended: Generated<EmbedEnd | null>
}

/** The secret inputs of an unsettled prediction. The save that settles it deletes the row. */
export interface SecretRow {
  prediction: string
  sealed: string
}

/** One row for each prediction that is an example of its model. */
export interface ExampleRow {
  prediction: string
  model_owner: string
  model_name: string
  created_at: number
}

/** The words of a settled prediction. A full-text index: they can be searched, not read. */
export interface TextRow {
  /** The number of the prediction. */
  rowid: number
  words: string
}

/** What a viewer thinks of a prediction. */
export interface JudgementRow {
  prediction: string
  judge: string
  verdict: Judgement['verdict']
  note: string
  judged_at: number
}

export interface ChoiceRow {
  run_group: string
  first: string
  second: string
  judge: string
  /** `owner/name`, as is the next. */
  first_model: string
  second_model: string
  better: Choice['better']
  chosen_at: number
}

/** How many runs of a model that ended in an hour have a measure: an end, or a duration by its size. */
export interface RunCountRow {
  model: string
  /** Its beginning, in milliseconds since 1970. */
  hour: number
  measure: 'succeeded' | 'failed' | 'canceled' | 'waited' | 'ran'
  /** Of durations, see `sizeOf`; 0 for ends. */
  size: number
  count: number
}

/** How a model was judged, for models that ever were. */
export interface ModelScoreRow {
  /** `owner/name`. */
  model: string
  good: number
  bad: number
  won: number
  lost: number
}

/** One row for each prediction that is a favourite of a viewer. */
interface FavouriteRow {
  viewer: string
  prediction: string
  /** When the prediction was created. */
  created_at: number
}

/** The record that an operator keeps of a model. */
export interface ModelRow {
  model_owner: string
  model_name: string
  /** Null for a model that its provider finds without a record. */
  source: JsonText<ModelSource> | null
  hardware: string | null
  settings: JsonText<ModelSettings>
  created_at: number
  updated_at: number
}

/** The edits that operators made of a model. Null: not edited. */
export interface ModelEditRow {
  model_owner: string
  model_name: string
  description: string | null
  readme: string | null
  github: string | null
  paper: string | null
  license: string | null
  cover: JsonText<EditedCover> | null
  /** The reference of its file, which is kept as long as this row. */
  cover_ref: string | null
  tags: JsonText<readonly string[]> | null
  visibility: Model['visibility'] | null
  default_example: string | null
  counts_as: JsonText<Readonly<Record<string, string>>> | null
  revision: number
  updated_at: number
  updated_by: string
}

/** A key that an operator gave for an upstream. */
export interface UpstreamKeyRow {
  address: string
  sealed: string
  updated_at: number
  updated_by: string
}

/** One row for each group of runs. */
export interface RunGroupRow {
  id: string
  kind: RunGroup['kind']
  title: string
  axes: JsonText<readonly Axis[]>
  models: JsonText<readonly ModelRef[]>
  size: number
  stopped: string | null
  source: Prediction['source']
  created_by: string
  account: string
  visibility: Prediction['visibility']
  created_at: number
  form_key: string | null
  /** 1 once its plan is complete, else 0. */
  opened: number
  /** The server that starts its runs, until a moment. */
  claimed_by: Generated<string | null>
  claimed_until: Generated<number | null>
}

/** One row for each run of a group that is still to be started, and each that could not be. */
export interface PlannedRunRow {
  run_group: string
  place: number
  model_owner: string
  model_name: string
  version: string
  input: JsonText<JsonObject>
  files: JsonText<readonly StoredFile[]>
  sealed: string | null
  problem: string | null
  /** Its inputs in one line. */
  summary: string
}

/** One row for each model that was ever listed. Its id is that of its row in the full-text index `model_texts`. */
export interface SeenModelRow {
  id: Generated<number>
  model_owner: string
  model_name: string
  seen_at: number
  /** Of its texts in the index; null while they are not in it. */
  signature: string | null
}

/** A collection that an operator put together. */
export interface CollectionRow {
  slug: string
  title: string
  summary: string
  models: JsonText<readonly ModelRef[]>
  revision: number
  created_at: number
  updated_at: number
}

/** Counts of the predictions of a version, which are the sums over its shards. */
export interface RunsRow {
  model_owner: string
  model_name: string
  version: string
  /** Of the replica that counted them, so that no two wait for each other; 0 for SQLite. */
  shard: Generated<number>
  /** Predictions ever accepted. */
  made: number
  /** Those of them that have not been removed. */
  kept: number
  /** When the first was accepted; null when all were removed before this was kept. */
  first_at: number | null
}

/** A deployment: a name under which a model runs with its own limits. */
export interface DeploymentRow {
  owner: string
  name: string
  /** Its current release. */
  release: JsonText<Release>
  created_at: number
}

/** One row for each webhook event that is sent until it is delivered or given up. */
export interface DeliveryRow {
  prediction: string
  event: LastingEvent
  receiver: string
  state: DeliveryState
  tries: number
  /** Null unless it is pending. */
  next_at: number | null
  answer: string | null
  created_at: number
  tried_at: number | null
}

/** One row for each person who signed in, and each that a proxy named. */
export interface PersonRow {
  /** Id of their account. */
  id: string
  /** The URL of the provider; `header` or `basic` without one. */
  issuer: string
  /** Their id there. */
  subject: string
  /** Their owner name. Never changes. */
  handle: string
  name: string
  email: string | null
  /** 1 or 0. */
  email_verified: number
  /** The values of the groups claim at the last sign-in, as the provider sent them. */
  groups: JsonText<readonly string[]>
  /** The role that an operator set; null for that of their groups. */
  role: Role | null
  /** The owner names that an operator gave. */
  namespaces: JsonText<readonly string[]>
  /** The limits that an operator set; null for those of their role. */
  quota: JsonText<OwnQuota> | null
  created_at: number
  seen_at: number
  disabled_at: number | null
}

/** One row for each browser in which a person is signed in. */
export interface SessionRow {
  /** SHA-256 of the cookie's value. */
  hash: string
  person: string
  issuer: string
  /** The provider's id of its session; null when it sends none. */
  sid: string | null
  /** Sealed: the hint that the provider gets at sign-out. */
  id_token: string | null
  agent: string
  address: string
  created_at: number
  seen_at: number
  expires_at: number
}

/** One row for each API token that a person made. */
export interface TokenRow {
  id: string
  /** SHA-256 of the token. */
  hash: string
  person: string
  /** The account for which it acts. */
  account: string
  name: string
  scopes: JsonText<readonly Scope[]>
  /** Its last four characters, to recognize it by. */
  last4: string
  created_at: number
  /** Null: never. */
  expires_at: number | null
  used_at: number | null
  /** The address from which it was last used. */
  used_from: string | null
  revoked_at: number | null
}

/** Access to a private model that was given to a person or a group. */
interface GrantRow {
  model_owner: string
  model_name: string
  grantee: string
  may: Grant['may']
  created_at: number
  created_by: string
}

/** What replicas know of an upstream, on PostgreSQL alone. */
interface UpstreamNoteRow {
  kind: string
  key: string
  edition: string
  content: JsonText<Json>
}

/** One row for each action that is kept in the audit log. */
export interface AuditRow {
  id: string
  at: number
  actor: string
  actor_name: string
  via: AuditEntry['via']
  address: string
  token: string | null
  action: AuditAction
  subject: string
  subject_owner: string | null
  outcome: AuditEntry['outcome']
  detail: string
}
