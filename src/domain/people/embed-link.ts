import type { ModelRef } from '../model-ref.ts'
import { effectiveQuota, type Quota } from './quota.ts'
import type { Viewer } from './viewer.ts'

/** `both`: the form and the result. `result`: the example of the model, without a form. */
export const embedViews = ['both', 'result'] as const
export type EmbedView = (typeof embedViews)[number]

/** Why an embed link was ended before its time. */
export type EmbedEnd = 'revoked' | 'model made private' | 'maker disabled'

/** The terms of an embed link, as the person who makes it chooses them. */
export interface EmbedTerms {
  /** The origin of the pages that may frame it and ask for its fragments. */
  readonly origin: string
  readonly shows: EmbedView
  /** Whether visitors have to be signed in here. */
  readonly signIn: boolean
  /** The runs of a day by all visitors together. Null: as many as a member may. */
  readonly runsPerDay: number | null
  /** When it ends, in milliseconds since 1970. Null: never. */
  readonly expiresAt: number | null
}

/** A link by which pages of one origin show a model, and let their visitors run it, until it ends. */
export interface EmbedLink extends EmbedTerms {
  readonly id: string
  /** SHA-256 of the token in the link, in hex. The token itself is kept nowhere. */
  readonly hash: string
  readonly model: ModelRef
  /** Account of who made it. */
  readonly createdBy: string
  /** Milliseconds since 1970, as are the next ones. */
  readonly createdAt: number
  /** How many predictions were made by it. */
  readonly runs: number
  /** When the last one was; null before. */
  readonly usedAt: number | null
  /** When it was ended before its time; null while it was not. */
  readonly endedAt: number | null
  readonly ended: EmbedEnd | null
}

/** When an embed link ended; null while it works. */
export function embedEndOf(
  { endedAt, expiresAt }: Pick<EmbedLink, 'endedAt' | 'expiresAt'>,
  now: number,
): number | null {
  if (endedAt !== null) return endedAt
  return expiresAt !== null && expiresAt <= now ? expiresAt : null
}

/** The id of an account that stands for all visitors of an embed link; of all without a link for null. */
export function embedAccount(link: Pick<EmbedLink, 'id'> | null): string {
  return `embed:${link?.id ?? 'open'}`
}

/** Those who come by an embed link, or by none, together. No cookie tells them apart. */
export function embedViewer(link: Pick<EmbedLink, 'id'> | null): Viewer {
  return {
    id: embedAccount(link),
    kind: 'machine',
    role: 'member',
    namespaces: [],
    scopes: new Set(['read', 'run']),
  }
}

/** The limits of all visitors of a link together: those of a member, with its own runs of a day. */
export function embedQuota(
  { runsPerDay }: Pick<EmbedTerms, 'runsPerDay'>,
  ofMembers: Quota | null,
): Quota | null {
  return effectiveQuota(ofMembers, runsPerDay === null ? null : { perDay: runsPerDay })
}
