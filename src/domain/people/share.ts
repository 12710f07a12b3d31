import type { ModelRef } from '../model-ref.ts'

/** Who may open a share link besides who made it, from most to fewest. */
export const audiences = ['anyone', 'signed-in', 'people'] as const
export type Audience = (typeof audiences)[number]

/** Which share links open on this server, as its operator set it. */
export type ShareRule = 'anyone' | 'signed-in' | 'off'

/** Why a share link was ended before its time. */
export type ShareEnd =
  | 'revoked'
  | 'deleted'
  | 'made private'
  | 'model made private'
  | 'maker disabled'

/** Somebody for whom a share link is. */
export interface SharedWith {
  /** Their account. */
  readonly account: string
  /** Their handle, or their name where people have no handles. */
  readonly name: string
}

/** The terms of a share link, as the person who makes it chooses them. */
export interface ShareTerms {
  readonly audience: Audience
  /** Those for whom it is, for the audience `people`; empty for others. */
  readonly people: readonly SharedWith[]
  /** `run`: open the form of the model with the inputs, and run it as oneself. */
  readonly scope: 'see' | 'run'
  /** When it ends, in milliseconds since 1970. Null: never. */
  readonly expiresAt: number | null
}

/** What a share link leads to: one prediction, or a group of runs with all of its predictions. */
export interface SharedThing {
  readonly kind: 'prediction' | 'group'
  readonly id: string
}

/** A link by which others may see one prediction or one group of runs, until it ends. */
export interface Share extends ShareTerms {
  readonly id: string
  /** SHA-256 of the token in the link, in hex. The token itself is kept nowhere. */
  readonly hash: string
  readonly of: SharedThing
  /** Account of who made it. */
  readonly createdBy: string
  /** Milliseconds since 1970, as are the next ones. */
  readonly createdAt: number
  /** How often it was opened, at most once a minute by the same viewer. */
  readonly opens: number
  /** When it was last opened; null before. */
  readonly openedAt: number | null
  /** When it was ended before its time; null while it was not. */
  readonly endedAt: number | null
  readonly ended: ShareEnd | null
}

/** A share link in a list of many. */
export interface ListedShare extends Share {
  /** The model of its prediction; null for a group. */
  readonly model: ModelRef | null
  /** The title of its group; null for a prediction. */
  readonly title: string | null
}

/** When and why a share link ended; null while it opens. */
export function endOf(
  { endedAt, ended, expiresAt }: Share,
  now: number,
): { readonly at: number; readonly why: ShareEnd | 'expired' } | null {
  if (endedAt !== null) return { at: endedAt, why: ended ?? 'revoked' }
  return expiresAt !== null && expiresAt <= now ? { at: expiresAt, why: 'expired' } : null
}
