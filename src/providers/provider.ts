import type { Config } from '../config.ts'
import type { StoredFile } from '../domain/file/file.ts'
import type { ChoiceName } from '../domain/instance/choice-texts.ts'
import type {
  InstanceFailure,
  InstanceMemory,
  InstanceState,
  NextTry,
} from '../domain/instance/state.ts'
import type { Json, JsonObject } from '../domain/json/json.ts'
import type { Deployment } from '../domain/model/deployment.ts'
import type { Model, ModelHealth, Version, Warmth } from '../domain/model/model.ts'
import type { ModelRecord, ModelSource } from '../domain/model/record.ts'
import type { UpstreamSearch } from '../domain/model/upstream-search.ts'
import type { ModelRef } from '../domain/model-ref.ts'
import type { Occurrence } from '../domain/prediction/event.ts'
import type { Progress } from '../domain/prediction/prediction.ts'
import type { Engines } from '../engine/engines.ts'
import type { Guard } from '../outbound/guard.ts'
import type { Descriptions } from './descriptions.ts'
import type { ModelSources } from './model-sources.ts'

/** The parts that providers are created from. */
export interface ProviderParts {
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The models that operators added. */
  readonly records: { all(): readonly ModelRecord[] }
  readonly deployments: { all(): readonly Deployment[] }
  /** Fetches addresses that come from users, models and upstreams. */
  readonly guard: Guard
  /** What upstreams of a provider said, for all replicas; null for a server that is alone, which has it on its disk. */
  readonly descriptionsOf: ((provider: string) => Descriptions) | null
  /** The keys that operators gave for addresses of upstreams. */
  readonly keys: { of(address: string): string | null }
  /** The container engines that models can be started on; null when there are none. */
  readonly engines: Engines | null
  /** The usual time of a run of a model, in milliseconds; null while that is not known. */
  readonly usualRun: (ref: ModelRef) => number | null
  /** Whether there are predictions of a version of a model. */
  readonly isPredicted: (ref: ModelRef, version: string) => Promise<boolean>
}

/** Runs models of one kind. A provider never touches the store: it reports occurrences to the runner. */
export interface Provider {
  /** One word, which is stored in predictions: it must never change. */
  readonly name: string
  /** Its label beside a model on pages: `Cog`. */
  readonly label: string
  /** The name of its models on the settings page: `TypeScript models`. */
  readonly title: string
  /** Why a model that no operator added is here, as part of a sentence: `it is set in COG_MODELS`. */
  readonly origin: string
  /** How operators add models of it; left out when they cannot. */
  readonly sources?: ModelSources
  /** Whether the runner fetches addresses in file inputs for it, through the guard. */
  readonly wantsFiles: boolean
  /**
   * Whether it can follow a run that was in progress when the server stopped, by its `remote`. Such a
   * run is given to `run` again, and never starts a second time without the provider's decision.
   */
  readonly resumes: boolean
  /** Whether its copies are processes of this server, of which each server has its own. */
  readonly runsHere: boolean
  /** Whether what it looks for may have to be started to answer. */
  readonly startsOnDemand?: boolean
  /** All models, in the order of lists. Broken ones are included; those that are being read are not. */
  models(): Promise<readonly Model[]>
  /**
   * One model by name; null when there is none. With the id of a `version`, the model in that version
   * if it can still run; otherwise in its current one.
   */
  find(ref: ModelRef, version?: string): Promise<Model | null>
  /**
   * The earlier versions that it has what it needs for, those that were used last; of very many, not all. Left out by
   * providers that keep none.
   */
  earlier?(): Promise<readonly { readonly ref: ModelRef; readonly version: string }[]>
  /** Whether its upstream runs any version of a model, and does not list them. */
  readonly versionsElsewhere?: boolean
  /** Removes what is kept to run an earlier version. Resolves with false when nothing was. */
  forget?(ref: ModelRef, version: string): Promise<boolean>
  /** How many models are being read, whose names are not known yet. Left out when that takes no time. */
  reading?(): number
  /** Resolves when no model is being read. */
  allRead?(): Promise<void>
  /**
   * Looks for the models that a text names for an operator; null when it is no name of this kind. Never
   * throws.
   */
  probe(where: Where): Promise<Probed | null>
  /** The servers that its models run at, in the order of lists. Left out when it has none. Never throws. */
  upstreams?(): Promise<readonly Upstream[]>
  /** Searches all models of its upstream. Left out when it has none that can be searched. Never throws. */
  search?(query: string): Promise<UpstreamSearch>
  /** Whether it can run models, for the settings page. Never throws. */
  state(): Promise<ProviderState>
  /** Whether the next run starts at once. */
  warmth(ref: ModelRef): Warmth
  /** Details of a model's state; `nothingToNote` for most. Returns at once. */
  health(ref: ModelRef): ModelHealth
  /** The instances of its models, which it starts itself. Left out when it starts none. */
  readonly instances?: ProviderInstances
  /** The choices of instances that mean something for a model, in the order of forms. Left out where none does. */
  instanceChoices?(ref: ModelRef): readonly ChoiceName[]
  /** A file of the model itself: its cover, or a file of its examples. Null when there is none. */
  asset(ref: ModelRef, name: string): Promise<ModelAsset | null>
  /**
   * Runs a prediction and reports occurrences, in order. An expected error is a `failed` occurrence with
   * a sentence for people; its raw cause goes to the logs. When `run.signal` aborts, the work is
   * stopped before this returns. The next occurrence is requested only once the last is saved, so a
   * provider can slow a fast model down. Throws only for a bug of its own.
   */
  run(run: Run): AsyncIterable<Occurrence>
  /**
   * Receives a request that an upstream made to the `callbackUrl` of a run in progress. Left out when
   * its runs need no URLs of ours: they get none.
   */
  receive?(id: string, callback: Callback): Promise<Received>
  /** The same for runs of other replicas. Left out with `receive`. */
  readonly elsewhere?: CallbacksElsewhere
  /** Stops everything that it started. Runs in progress end without a result. */
  close(): Promise<void>
}

/** The containers or processes that run the models of a provider. */
export interface ProviderInstances {
  /** Those of a model, its deployments’ and earlier versions’ included. */
  of(ref: ModelRef): readonly InstanceState[]
  /**
   * Why those of the current version could not be started since the last that could, the latest first; those of a
   * deployment, where it has its own.
   */
  failures(ref: ModelRef, deployment?: ModelRef): readonly InstanceFailure[]
  /** When the next instance of the current version is started after failures; null when nothing puts it off. */
  nextTry(ref: ModelRef): NextTry | null
  /** The memory of an instance, by its name; null when that is not known. Never rejects. */
  memoryOf(name: string): Promise<InstanceMemory | null>
  /**
   * Lets an instance end once it has no runs, and gives it no more. Resolves with false when there is none; rejects with
   * `InstancesAway` when the server that runs the containers does not answer, as do the next two.
   */
  drain(name: string): Promise<boolean>
  /** Stops an instance, whatever it does. Resolves with false when there is none. */
  stop(name: string): Promise<boolean>
  /** Forgets the failures of a model, so that its next instance starts at once. */
  tryAgain(ref: ModelRef): Promise<void>
}

/** How an upstream can reach us during a run. */
export interface CallbackRoute {
  /** The URL at which it can report what happens. */
  readonly callbackUrl: string
  /** The URL at which it can fetch one of the run's files. */
  fileUrl(file: StoredFile): string | null
}

export interface Run {
  /** Of the prediction. */
  readonly id: string
  /** From 1. */
  readonly attempt: number
  /** The upstream's id of this attempt, if an earlier server process submitted it; see `Prediction`. */
  readonly remote: string | null
  /**
   * How much of this attempt is saved: chunks of output, UTF-16 units of those that are texts (0 when left out), and UTF-16
   * units of logs.
   */
  readonly known: { readonly chunks: number; readonly units?: number; readonly logs: number }
  readonly version: Version
  /** The deployment that it was sent to; null when it was sent to its model. */
  readonly deployment: ModelRef | null
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
  /** Its reason is `stopped` when the server stops: then a run that can be followed on may continue. */
  readonly signal: AbortSignal
  /** When it times out, in milliseconds since 1970. */
  readonly deadline: number
  /** The URL at which an upstream can report what happens; null when none can reach us. */
  readonly callbackUrl: string | null
  /** The URL at which an upstream can fetch one of `files` during the run; null when none can reach us. */
  fileUrl(file: StoredFile): string | null
  /** The same for upstreams on this machine; null or left out when there is none. */
  readonly localRoute?: CallbackRoute | null
  /** Runs another model as a prediction of its own, which is canceled with this run. */
  runModel(call: ModelCall): Promise<ModelCalled>
  /** Copies a stored file to a path on this machine. */
  copyFile(file: StoredFile, path: string): Promise<void>
  /** Stores a file that the run made. `ref` is given when the output refers to it already. */
  keepFile(content: AsyncIterable<Uint8Array>, name: string, ref?: string): Promise<StoredFile>
}

/** Where an operator looks for models. */
export interface Where {
  /** A name, a URL or a path, as typed. */
  readonly text: string
  /** The key to send; null for the one that is kept for the address. */
  readonly key?: string | null
  /** The text of a file that belongs to it, such as a workflow; null for none. */
  readonly document?: string | null
  /** Which parts of the file become inputs and outputs; null for those that are offered. */
  readonly parts?: ChosenParts | null
  /** The kinds that models are said to be of, by the upstream's names for them. */
  readonly kinds?: ReadonlyMap<string, string>
  /** Whether what is there is to be started to answer, and waited for. */
  readonly onDemand?: boolean
}

/** The kinds that a model can be of, where its upstream may not tell or be wrong. */
export interface OfferedKinds {
  /** Each with words for people. */
  readonly all: readonly { readonly kind: string; readonly words: string }[]
  /** The one that it is taken for. */
  readonly chosen: string
}

/** The parts of a file that an operator chose to become the inputs and outputs of a model. */
export interface ChosenParts {
  /** In the order of the form. */
  readonly inputs: readonly {
    readonly id: string
    readonly name: string
    /** Bounds of a number; null for those of the part, NaN for a text that is no number. */
    readonly minimum: number | null
    readonly maximum: number | null
  }[]
  /** Ids. */
  readonly outputs: readonly string[]
}

/** The parts of a file that may become the inputs and outputs of a model. */
export interface OfferedParts {
  readonly inputs: readonly OfferedInput[]
  readonly outputs: readonly OfferedOutput[]
  /** Why the chosen ones make no model, as a sentence; null when they do. */
  readonly problem: string | null
}

export interface OfferedInput {
  readonly id: string
  /** Where it is in the file: `KSampler (3): steps`. */
  readonly place: string
  /** Its name as an input, and the bounds of a number: as chosen, else as offered. */
  readonly name: string
  readonly minimum: number | null
  readonly maximum: number | null
  readonly isNumber: boolean
  /** The value that it has in the file, as a short text. */
  readonly value: string
  readonly isChosen: boolean
}

export interface OfferedOutput {
  readonly id: string
  readonly place: string
  readonly isChosen: boolean
}

/**
 * The result of a probe. `found`: the models of an upstream. `refused`: it is of the provider's kind,
 * and why it cannot be used, as a sentence. `pending`: it was started, and has not answered yet; the same
 * probe asks again. `other`: why nothing of its kind is there, as a sentence; it may be another provider's.
 */
export type Probed =
  | { readonly kind: 'found'; readonly upstream: FoundUpstream }
  | {
      readonly kind: 'refused'
      readonly sentence: string
      /** What it lacks, so that the page asks for it. */
      readonly asks?: 'key' | 'document' | 'start'
      /** Whether the text can name nothing of another provider. */
      readonly isSure?: boolean
    }
  | {
      readonly kind: 'pending'
      readonly sentence: string
      readonly progress: Progress
    }
  | {
      readonly kind: 'other'
      readonly sentence: string
      /** Whether no server answered at all. */
      readonly isAway: boolean
      /** Whether it may be one that starts when it is asked. */
      readonly mayStart?: boolean
    }

/** An upstream that a probe found, before anything of it is kept. */
export interface FoundUpstream {
  /** What it is: `llama.cpp server`, `Cog container`. */
  readonly title: string
  /** Where its runs are sent, and its key; null for those without an address. */
  readonly address: string | null
  /** More about it, each a few words: `needs no key`. */
  readonly facts: readonly string[]
  /** Whether it may be given a key. */
  readonly takesKey: boolean
  /** At least one, in the order in which it lists them. */
  readonly models: readonly FoundModel[]
}

/** A model of an upstream that a probe found. */
export interface FoundModel {
  /** The upstream's own name for it: `qwen3:8b`. Unique among the models of one upstream. */
  readonly id: string
  /** As it describes itself. Its name is the one to offer, unless that is taken here. */
  readonly model: Model
  /** What it can do, in a few words: `chat, sees pictures; 8,192 tokens`. Empty when its schema says it all. */
  readonly can: string
  /** Whether it is offered to be kept unless the operator says otherwise. */
  readonly isChosen: boolean
  /** Why it can have no other name here, as a sentence; null when it can. */
  readonly keepsName: string | null
  /** The source to store. */
  readonly source: ModelSource
  /** The source to store for one of `versions`; left out when there is no choice. */
  readonly sourceOf?: (version: string) => ModelSource
  /** The versions to choose from, the newest first; empty when there is no choice. */
  readonly versions: readonly { readonly id: string; readonly createdAt: number }[]
  readonly warmth: Warmth
  readonly health: ModelHealth
  /** The parts of the file that it is made of; left out when it is made of none. */
  readonly parts?: OfferedParts
  /** Left out where there is no choice. */
  readonly kinds?: OfferedKinds
  /** Whether it starts when it is asked; left out where there is no choice. */
  readonly onDemand?: boolean
}

/** An upstream that models of a provider run at, for the settings page. */
export interface Upstream {
  /** As of a provider; `starting`: it answers, and loads its model yet. */
  readonly kind: ProviderState['kind'] | 'starting'
  /** One sentence on the state, and what to do. */
  readonly sentence: string
  /** Where runs are sent: `http://gpu-1:8000/v1`. */
  readonly address: string
  /** What it is: `vLLM`. */
  readonly title: string
  readonly models: readonly ModelRef[]
  /** Whether it may be given a key. */
  readonly takesKey: boolean
}

export interface ProviderState {
  /** `off`: it is not configured. `trouble`: it is, and does not work. */
  readonly kind: 'works' | 'off' | 'trouble'
  /** One sentence on the state, and what to do. */
  readonly sentence: string
}

export interface ModelAsset {
  readonly name: string
  readonly content: ReadableStream<Uint8Array>
}

/** A model's call of another model. */
export interface ModelCall {
  /** `owner/name`. */
  readonly model: string
  readonly input: JsonObject
  /** The stored files that `input` refers to. */
  readonly files: readonly StoredFile[]
}

/** The output of the other model, with the stored files that it refers to; or its error. */
export type ModelCalled =
  | {
      readonly ok: true
      readonly output: Json
      readonly files: readonly StoredFile[]
      /** The file among them with an output that is too large to be in `output`: JSON, or a text. */
      readonly whole: StoredFile | null
    }
  | { readonly ok: false; readonly error: string }

/** Callbacks that come to another replica than the one of their run. */
export interface CallbacksElsewhere {
  /**
   * Receives a request for a run that another replica follows. `text` is what that one is told, of a few
   * thousand bytes at most; null for nothing.
   */
  receive(
    callback: Callback,
  ): Promise<{ readonly received: Received; readonly text: string | null }>
  /** Takes what another replica received for a run in progress here. */
  told(id: string, text: string): void
}

/** A request to a `callbackUrl`. */
export interface Callback {
  readonly headers: Headers
  /** The raw body, which signatures cover. */
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * The result of a callback. `taken`: accepted, now or before. `unknown`: it belongs to no run in progress.
 * `malformed`: it cannot be parsed. `forged`: its signature is wrong. `stale`: it was signed too long
 * ago. `unchecked`: it cannot be checked now, and may be sent again.
 */
export type Received = 'taken' | 'unknown' | 'malformed' | 'forged' | 'stale' | 'unchecked'
