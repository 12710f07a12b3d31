import { z } from 'zod'
import { type JsonObject, sameJson } from '../domain/json/json.ts'
import type { Version } from '../domain/model/model.ts'
import type { ModelSource } from '../domain/model/record.ts'
import { type ModelRef, modelName } from '../domain/model-ref.ts'
import type { FoundModel, FoundUpstream, Probed } from './provider.ts'

/** Looks for the models that a text names; null when it is no name of the provider's kind. */
export type ProbeText = (text: string) => Promise<Probed | null>

/** How operators add models of a provider. No other part reads what is in its sources. */
export interface ModelSources {
  readonly hint: SourceHint
  /** The members of an API request that name a source, by their names: a request has one of them. */
  readonly fields: Readonly<Record<string, SourceField>>
  /**
   * Reads again what a source took over from its upstream, such as the choices of an input. Left out where that
   * is read all the time. Never throws.
   */
  refresh?(source: ModelSource): Promise<RefreshedSource>
  /** The URLs of a source, for the settings page; empty when there is nothing to show. */
  urls(source: ModelSource): readonly string[]
  /** Decides what a new source does to a model that this provider runs already. */
  add(added: AddedSource): AddDecision
  /**
   * The source to keep when a model gets a new version from one: with earlier versions that can still run. Left
   * out where the new one takes the place of what was there.
   */
  renewed?(source: ModelSource, kept: ModelSource): Exclude<AddDecision, { replaces: unknown }>
  /** The versions that a source keeps to be run. Left out where each source has one. */
  readonly versions?: SourceVersions
}

/** The versions that sources of a provider keep, of which one runs by default. */
export interface SourceVersions {
  /** The last that was added first; empty for a source that keeps none. */
  of(ref: ModelRef, source: ModelSource): readonly SourceVersion[]
  /** The source in which this version runs by default; null when it keeps no such one. */
  withDefault(ref: ModelRef, source: ModelSource, id: string): ModelSource | null
  /** The source without this version; null when it keeps no such one, or that one runs by default. */
  without(ref: ModelRef, source: ModelSource, id: string): ModelSource | null
}

export interface SourceVersion {
  readonly version: Version
  readonly isDefault: boolean
  /** Its name, as an operator typed it: `r8.im/ann/video:latest`. */
  readonly named: string
  /** `sha256:…`, by which what is run is told from another of that name. */
  readonly digest: string
}

/** A hint on `/models/new` on what to type. */
export interface SourceHint {
  /** A heading: `A Cog container`. */
  readonly title: string
  /** The thing to type, as part of a sentence: `the URL of a Cog container`. */
  readonly noun: string
  /** How to do it, with code in backticks. */
  readonly text: string
}

export interface SourceField {
  /** Its description is in the API's document. */
  readonly schema: z.ZodType
  /** Looks for what a value names, for the model `ref`. The value fits the schema. */
  find(value: unknown, ref: ModelRef): Promise<FoundSource>
}

/** A source with the schemas of its model, or a sentence on why there is none. */
export type FoundSource =
  | { readonly ok: true; readonly source: ModelSource; readonly schemas: JsonObject }
  | { readonly ok: false; readonly sentence: string }

/** A source as it is to be stored, or a sentence on why it cannot be read. */
export type RefreshedSource =
  | { readonly ok: true; readonly source: ModelSource }
  | { readonly ok: false; readonly sentence: string }

export interface AddedSource {
  readonly ref: ModelRef
  readonly source: ModelSource
  /** The source that is stored for the model; null when the provider knows the model by itself. */
  readonly kept: ModelSource | null
  /** Whether the new source takes and makes the same as the model. */
  readonly sameSchema: boolean
}

/** The source to keep; where the model runs now, when it would be replaced; or why neither is possible. */
export type AddDecision =
  | { readonly source: ModelSource }
  | { readonly replaces: readonly string[] }
  | { readonly problem: string }

/** A field whose values are parsed by its schema. */
export function sourceField<Schema extends z.ZodType>(
  schema: Schema,
  find: (value: z.output<Schema>, ref: ModelRef) => Promise<FoundSource>,
): SourceField {
  return { schema, find: (value, ref) => find(schema.parse(value), ref) }
}

/** The source of the first model that a probe found; `otherwise` is the sentence for a text of another kind. */
export function foundSource(probed: Probed | null, otherwise: string): FoundSource {
  if (!probed) return { ok: false, sentence: otherwise }
  if (probed.kind !== 'found') return { ok: false, sentence: probed.sentence }
  const [first] = probed.upstream.models
  if (!first) return { ok: false, sentence: otherwise }
  return { ok: true, source: first.source, schemas: first.model.version.schema.schemas }
}

/** A URL in an API request. It is checked by the probe, which says what is wrong with it. */
export const sourceUrl = z.string().max(2_000)

/** Several of one model. */
export const sourceUrls = z.array(sourceUrl).min(1).max(100)

type Found = Extract<FoundSource, { ok: true }>

/**
 * The sources at several URLs, in their order: they are one model only if they take and make the same. Else a
 * sentence on why they are not; `otherwise` is the one for a text of another kind.
 */
export async function findSame(
  urls: readonly string[],
  probe: ProbeText,
  otherwise: string,
): Promise<readonly [Found, ...Found[]] | Exclude<FoundSource, { ok: true }>> {
  const all: Found[] = []
  for (const url of urls) {
    const found = foundSource(await probe(url), otherwise)
    if (!found.ok) return found
    const [first = found] = all
    if (!sameJson(found.schemas, first.schemas))
      return { ok: false, sentence: `${url} has a different schema from the first` }
    all.push(found)
  }
  const [first, ...others] = all
  return first ? [first, ...others] : { ok: false, sentence: otherwise }
}

/** What a probe found where there is one model. */
export function foundOne(
  upstream: Pick<FoundUpstream, 'title' | 'address'> & Partial<Pick<FoundUpstream, 'facts'>>,
  model: Omit<FoundModel, 'id' | 'can' | 'isChosen'>,
): Probed {
  const one = { id: modelName(model.model.ref), can: '', isChosen: true, ...model }
  return { kind: 'found', upstream: { facts: [], ...upstream, takesKey: false, models: [one] } }
}
