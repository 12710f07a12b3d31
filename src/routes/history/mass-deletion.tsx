import { type Context, Hono } from 'hono'
import { queryOf } from '../../../views/history/chosen.ts'
import { MassDeletionPage } from '../../../views/pages/mass-deletion-page.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import type { Removal } from '../../store/retention.ts'
import type { PredictionFilter } from '../../store/store.ts'
import { sendSelected } from '../history/archive.ts'
import { auditEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'
import { viewerOf } from '../request/viewer.ts'
import { countFound, mostCounted } from './count-found.ts'
import { filterOf, readChosen } from './filter.ts'

/** A deletion that ends within this is over when its answer arrives. */
const waitMs = 1_000

const pageLength = 200

/** Deleting all that a filter finds; downloading and deleting all that somebody made. */
export function massDeletionRoutes(deps: Deps) {
  const { paths } = deps

  return new Hono()
    .get('/predictions/deletion/matching', async (c) => {
      const query = queryOf(readChosen(c), { view: '' })
      return ask(c, deps, await deletable(c, deps), {
        text: 'All that the filter finds and that you may delete.',
        action: paths.matchingDeletion() + query,
        back: paths.predictions() + query,
      })
    })
    .post('/predictions/deletion/matching', async (c) => {
      await begin(c, deps, { filter: await deletable(c, deps), uploadsOf: null }, 'all that match')
      return c.redirect(paths.predictions() + queryOf(readChosen(c), { view: '' }), 303)
    })
    .get('/account/deletion', (c) =>
      ask(c, deps, ownOf(c, deps), {
        text: 'Everything that you made, and the files that you uploaded through the API.',
        action: paths.accountDeletion(),
        back: paths.account(),
      }),
    )
    .post('/account/deletion', async (c) => {
      const filter = ownOf(c, deps)
      const removal = { filter, uploadsOf: filter?.createdBy ?? null }
      await begin(c, deps, removal, 'all of their own')
      return c.redirect(paths.accountDeletion(), 303)
    })
    .post('/account/export', async (c) => {
      const filter = ownOf(c, deps)
      if (!filter) return c.notFound()
      await deps.store.addEntry(auditEntry(c, deps, 'exported', 'all of their own'))
      return sendSelected(c, deps, idsFound(deps, filter))
    })
}

/** What somebody made; null for a viewer who is not known. */
function ownOf(c: Context, deps: Deps) {
  const { id } = viewerOf(c, deps)
  return id === '' ? null : { createdBy: id, createdBefore: deps.now() + 1 }
}

/** What the filter in the query finds: for operators all of it, for others what they made. */
async function deletable(c: Context, deps: Deps): Promise<PredictionFilter | null> {
  const { visible, ...found } = await filterOf(c, deps, readChosen(c))
  const until = { createdBefore: Math.min(found.createdBefore ?? Infinity, deps.now() + 1) }
  if (visible === undefined) return { ...found, ...until }
  const own = ownOf(c, deps)
  return own && { ...found, createdBy: own.createdBy, ...until }
}

type Asked = Pick<Parameters<typeof MassDeletionPage>[0], 'text' | 'action' | 'back'>

async function ask(c: Context, deps: Deps, filter: PredictionFilter | null, asked: Asked) {
  const count = filter ? await countFound(deps.store, filter) : 0
  const isAtLeast = count >= mostCounted
  const formKey = deps.newId()
  return page(c, deps, <MassDeletionPage {...{ ...asked, count, isAtLeast, formKey }} />)
}

type Wanted = Pick<Removal, 'uploadsOf'> & { readonly filter: PredictionFilter | null }

async function begin(c: Context, deps: Deps, { filter, uploadsOf }: Wanted, what: string) {
  const key = c.get('formFields').get('key') ?? ''
  if (!filter || !isId(key)) return
  const entry = auditEntry(c, deps, 'data removed', 'predictions', { detail: what })
  const removal = { id: key, filter, uploadsOf, createdAt: deps.now() }
  await deps.removals.begin(removal, entry, waitMs)
}

async function* idsFound({ store }: Deps, filter: PredictionFilter): AsyncGenerator<string> {
  let before: string | null = null
  do {
    const found = await store.page(filter, pageLength, before)
    for (const { id } of found.predictions) yield id
    before = found.next
  } while (before !== null)
}
