import { hash } from 'node:crypto'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import type { EmbedLink, EmbedTerms } from '../../src/domain/people/embed-link.ts'
import { start } from './domain.ts'
import type { TestApp } from './test-app.ts'

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

/** A link of ann’s to a model for pages of the studio, and the address of its frame. */
export async function addEmbed(
  { deps, embedLinks, store, paths }: Pick<TestApp, 'deps' | 'embedLinks' | 'store' | 'paths'>,
  model: ModelRef,
  terms: Partial<EmbedTerms> = {},
) {
  const id = deps.newId()
  const hash = embedLinks.newHash(id)
  const link = embedOf('', { id, hash, model, createdBy: 'person:ann', ...terms })
  await store.addEmbed(link)
  return { link, at: paths.embed(embedLinks.tokenOf(link) ?? '') }
}
