import { hash } from 'node:crypto'
import type { EmbedLink } from '../../src/domain/people/embed-link.ts'
import { start } from './domain.ts'

/** An embed link without an end for a model, with a token of its own. */
export function embedOf(
  token: string,
  changes: Partial<EmbedLink> & Pick<EmbedLink, 'model'>,
): EmbedLink {
  return {
    id: `embed ${token}`,
    hash: hash('sha256', token),
    origin: 'https://studio.example',
    shows: 'both',
    signIn: false,
    runsPerDay: null,
    expiresAt: null,
    createdBy: 'ann',
    createdAt: start,
    runs: 0,
    usedAt: null,
    endedAt: null,
    ended: null,
    ...changes,
  }
}
