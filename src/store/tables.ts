/** Columns as both databases hold them: JSON as text, times as milliseconds since 1970. */
export interface Tables {
  predictions: PredictionRow
  chunks: ChunkRow
  versions: VersionRow
  contents: ContentRow
  files: FileRow
  shares: ShareRow
  secrets: SecretRow
  examples: ExampleRow
  models: ModelRow
  runs: RunsRow
  deployments: DeploymentRow
  deliveries: DeliveryRow
}

export interface PredictionRow {
  id: string
  model_owner: string
  model_name: string
  version: string
  provider: string
  status: string
  input: string
  /** Only once settled: until then it is in `chunks`. */
  output: string | null
  /** JSON of an `Excerpt`. */
  excerpt: string | null
  iterates: number
  files: string
  error: string | null
  /** Only once settled: until then they are in `chunks`. */
  logs: string
  progress: string | null
  attempt: number
  revision: number
  created_at: number
  started_at: number | null
  completed_at: number | null
  source: string
  created_by: string
  visibility: string
  parent: string | null
  metrics: string
  remote: string | null
  deadline: number | null
  deployment: string | null
  /** JSON of a `Webhook`. */
  webhook: string | null
  form_key: string | null
  /** What lists show of its inputs, and JSON of the first files it made; null in rows of before there were lists of them. */
  summary: string | null
  made: string | null
  /** Which process runs it, and when that last said so: for several processes on one database. */
  owner: string | null
  heartbeat_at: number | null
}

/** What an unsettled prediction has made so far, in the order of `position`. */
export interface ChunkRow {
  prediction: string
  /** `output`: JSON of a list of items. `logs`: text. */
  part: 'output' | 'logs'
  /** Of the first item, or the first UTF-16 unit. */
  position: number
  body: string
}

export interface VersionRow {
  model_owner: string
  model_name: string
  id: string
  provider: string
  schemas: string
  /** Null when nobody said. */
  cog_version: string | null
  created_at: number
}

/** One row for each content in the file store. */
export interface ContentRow {
  sha256: string
  size: number
  /** Since when nothing refers to it; null while something does. */
  unreferenced_at: number | null
}

/** One row for each reference to a content. */
export interface FileRow {
  ref: string
  sha256: string
  name: string
  type: string
  size: number
  /** Null for an upload that no prediction has yet. */
  prediction: string | null
  created_at: number
  /** Who uploaded it through the API, and so may ask for it there; null for every other file. */
  owner: string | null
  /** JSON of what its owner said of it. */
  metadata: string | null
}

/** One row for each link that somebody made to share a prediction. */
export interface ShareRow {
  /** What the link ends in: whoever has it may see the prediction. */
  token: string
  prediction: string
  created_at: number
  /** Null while the link works. */
  revoked_at: number | null
}

/** What an unsettled prediction was given in secret: gone with the save that settles it. */
export interface SecretRow {
  prediction: string
  sealed: string
}

/** A row means that somebody made the prediction an example of its model. */
export interface ExampleRow {
  prediction: string
  model_owner: string
  model_name: string
  created_at: number
}

/** What an operator said of a model: where it runs, what it is, and how it is to be run. */
export interface ModelRow {
  model_owner: string
  model_name: string
  /** JSON of a `ModelSource`; null for a model that a provider knows by itself. */
  source: string | null
  /** JSON of its `ModelDetails`. */
  details: string
  /** JSON of its `ModelSettings`. */
  settings: string
  created_at: number
  updated_at: number
}

/** How often a version was run. */
export interface RunsRow {
  model_owner: string
  model_name: string
  version: string
  /** Predictions ever accepted. */
  made: number
  /** Those of them that are still here. */
  kept: number
}

/** A name under which a model runs with limits of its own. */
export interface DeploymentRow {
  owner: string
  name: string
  /** JSON of its current `Release`. */
  release: string
  created_at: number
}

/** One row for each thing that the webhook of a prediction is told until it has arrived. */
export interface DeliveryRow {
  prediction: string
  event: string
  receiver: string
  state: string
  tries: number
  /** Null unless it is pending. */
  next_at: number | null
  answer: string | null
  created_at: number
  tried_at: number | null
}
