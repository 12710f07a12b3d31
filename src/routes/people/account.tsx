import { type Context, Hono } from 'hono'
import { AccountPage } from '../../../views/account/account-page.tsx'
import type { NewToken } from '../../../views/account/tokens-section.tsx'
import type { Deps } from '../../deps.ts'
import { isId } from '../../domain/id.ts'
import { namespaceOf } from '../../domain/people/account.ts'
import type { PersonalToken } from '../../domain/people/personal-token.ts'
import type { Session } from '../../domain/people/session.ts'
import type { Viewer } from '../../domain/people/viewer.ts'
import { may } from '../../domain/policy.ts'
import { auditEntry } from '../request/audit.ts'
import { page } from '../request/page.tsx'
import { isOver, tokenHash } from '../request/personal-tokens.ts'
import { newTokenText } from '../request/token-text.ts'
import { viewerOf } from '../request/viewer.ts'
import { endChoices, freshTexts, readTerms, scopeChoices, type TokenTexts } from './new-token.ts'

/** The most tokens of one person that can be used. */
const mostTokens = 100

/** The most predictions that are counted on the page. */
const mostCounted = 10_000

/** The page of one’s own account. */
export function accountRoutes(deps: Deps) {
  const { store, paths, now } = deps
  return new Hono()
    .get('/account', (c) => draw(c, deps, {}))
    .post('/account/sessions', (c) => endSessions(c, deps))
    .post('/account/tokens', (c) => makeToken(c, deps))
    .post('/account/tokens/:id/revocation', async (c) => {
      const token = await ownToken(c, deps)
      if (!token) return c.notFound()
      const entry = auditEntry(c, deps, 'token revoked', token.name, { detail: `…${token.last4}` })
      await store.recording(entry).revokeToken(token.person, token.id, now())
      return c.redirect(`${paths.account()}#tokens`, 303)
    })
    .post('/account/tokens/:id/deletion', async (c) => {
      const token = await ownToken(c, deps)
      if (!token || !isOver(token, now())) return c.notFound()
      await store.removeToken(token.person, token.id)
      return c.redirect(`${paths.account()}#tokens`, 303)
    })
}

/** Signs the viewer out elsewhere: in one browser, or in all others. */
async function endSessions(c: Context, deps: Deps) {
  const { store, paths } = deps
  const current = currentSession(c)
  if (!current) return c.notFound()
  const end = c.get('formFields').get('end') ?? ''
  const own = await store.sessionsOf(current.person)
  const entry = (detail: string) => auditEntry(c, deps, 'signed out', handleOf(c, deps), { detail })
  if (end === 'others')
    await store
      .recording(entry('everywhere else'))
      .endSessions(current.person, { but: current.hash })
  else if (own.some(({ hash }) => hash === end))
    await store.recording(entry('another browser')).endSession(end)
  else return c.notFound()
  return c.redirect(`${paths.account()}#sessions`, 303)
}

/** The session of this browser; null where people do not sign in here. */
function currentSession(c: Context): Session | null {
  const standing = c.get('standing')
  return standing?.is === 'in' ? standing.session : null
}

function handleOf(c: Context, deps: Deps): string {
  return viewerOf(c, deps).namespaces[0] ?? ''
}

async function makeToken(c: Context, deps: Deps) {
  const viewer = viewerOf(c, deps)
  const person = await deps.store.findPerson(viewer.id)
  if (!may(viewer, 'have tokens') || !person) return c.notFound()
  const texts = textsIn(c)
  const terms = readTerms(viewer, texts)
  const refused = (error: string) => draw(c, deps, { texts, error }, 422)
  if (typeof terms === 'string') return refused(terms)
  const tokens = await deps.store.tokensOf(person.id)
  const id = c.get('formFields').get('key') ?? ''
  // A form that is sent again, as by a reload, makes no second token.
  if (!isId(id) || tokens.some((one) => one.id === id)) return draw(c, deps, {})
  if (tokens.filter((one) => !isOver(one, deps.now())).length >= mostTokens)
    return refused(`You have ${mostTokens} tokens. Revoke one that you no longer need.`)
  const text = newTokenText()
  const { lifeMs, ...chosen } = terms
  const at = deps.now()
  const token: PersonalToken = {
    id,
    hash: tokenHash(text),
    person: person.id,
    ...chosen,
    last4: text.slice(-4),
    createdAt: at,
    expiresAt: lifeMs === null ? null : at + lifeMs,
    usedAt: null,
    usedFrom: null,
    revokedAt: null,
  }
  const detail = `…${token.last4}, ${token.scopes.join(', ')}`
  await deps.store
    .recording(auditEntry(c, deps, 'token made', token.name, { detail }))
    .addToken(token)
  const shown = await draw(c, deps, { made: { name: token.name, text } })
  shown.headers.set('Cache-Control', 'no-store')
  return shown
}

function textsIn(c: Context): TokenTexts {
  const textOf = (name: string) => c.get('formFields').get(name) ?? ''
  return {
    name: textOf('name'),
    scopes: textOf('scopes'),
    account: textOf('account'),
    ends: textOf('ends'),
  }
}

/** The token in the path, if it is the viewer’s own. */
async function ownToken(c: Context, deps: Deps): Promise<PersonalToken | null> {
  const tokens = await deps.store.tokensOf(viewerOf(c, deps).id)
  return tokens.find(({ id }) => id === c.req.param('id')) ?? null
}

interface Drawn {
  readonly texts?: TokenTexts
  readonly error?: string
  readonly made?: NewToken
}

async function draw(c: Context, deps: Deps, { texts, error, made }: Drawn, status?: 422) {
  const viewer = viewerOf(c, deps)
  const person = viewer.kind === 'person' ? await deps.store.findPerson(viewer.id) : null
  const tokens = person && may(viewer, 'have tokens') ? await deps.store.tokensOf(person.id) : []
  const session = currentSession(c)
  const sessions = session && {
    sessions: await deps.store.sessionsOf(session.person),
    current: session.hash,
  }
  const quota = person && (await deps.runner.quotaOf(viewer))
  const used = quota && { quota, usage: await deps.runner.usage(viewer.id, quota) }
  const counts = viewer.id === '' ? null : await deps.store.madeBy(viewer.id, mostCounted)
  const form = {
    formKey: deps.newId(),
    texts: texts ?? freshTexts(viewer),
    error: error ?? null,
    choices: { scopes: scopeChoices, ends: endChoices(viewer), accounts: viewer.namespaces },
  }
  return page(
    c,
    deps,
    <AccountPage
      {...{ viewer, person, sessions, used }}
      auth={deps.config.auth.kind}
      provider={deps.config.signIn?.label ?? null}
      machines={deps.config.apiTokens.length}
      retention={deps.config.retention}
      yours={counts && { ...counts, isWhole: counts.predictions < mostCounted }}
      tokens={
        person && may(viewer, 'have tokens')
          ? { tokens: tokens.map((token) => lineOf(deps, viewer, token)), made: made ?? null, form }
          : null
      }
    />,
    status,
  )
}

function lineOf({ now }: Deps, { namespaces }: Viewer, token: PersonalToken) {
  const account = namespaceOf(token.account) ?? namespaces[0] ?? ''
  return { token, account, isOver: isOver(token, now()) }
}
