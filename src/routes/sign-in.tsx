import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { SignedOutPage, type SignInTrouble } from '../../views/pages/sign-in-page.tsx'
import type { Deps } from '../deps.ts'
import { returnAddress } from '../domain/people/return-address.ts'
import { nobody } from '../domain/people/viewer.ts'
import type { FailureReason } from '../sign-in/providers/provider.ts'
import type { Client, Finished, SignIn } from '../sign-in/sign-in.ts'
import { clientAddress } from './request/connection.ts'
import { cookieOf } from './request/cookies.ts'
import { sameOriginFormsOnly } from './request/guards.ts'
import { originOf, page } from './request/page.tsx'
import {
  dropAttempt,
  dropSession,
  fullName,
  keepAttempt,
  keepSession,
  sessionCookie,
} from './request/session-cookie.ts'
import { signInPage } from './request/sign-in-first.tsx'
import { isAuthenticated } from './request/viewer.ts'

/** Far more than a logout token takes. */
const mostLogoutBytes = 2 ** 16

/** Signing in at a provider, and out again. The addresses are there for all, and lead nowhere without one. */
export function signInRoutes(deps: Deps) {
  const { config, paths } = deps
  return new Hono()
    .use('/sign-in/*', noStore)
    .get('/sign-in', (c) => (deps.signIn ? begin(c, deps, deps.signIn) : c.notFound()))
    .get('/sign-in/callback', (c) => (deps.signIn ? finish(c, deps, deps.signIn) : c.notFound()))
    .post('/sign-out', noStore, sameOriginFormsOnly(config), (c) =>
      deps.signIn ? signOut(c, deps, deps.signIn) : c.notFound(),
    )
    .get('/signed-out', noStore, (c) => {
      if (!config.signIn) return c.notFound()
      if (isAuthenticated(c, deps)) return c.redirect(paths.home(), 303)
      const { label } = config.signIn
      return page(c, deps, <SignedOutPage label={label} providerUrl={null} everywhere />)
    })
    .post(
      '/sign-out/back-channel',
      noStore,
      bodyLimit({ maxSize: mostLogoutBytes, onError: (c) => c.text('Too large.\n', 413) }),
      (c) => (deps.signIn ? endByProvider(c, deps.signIn) : c.notFound()),
    )
}

const noStore: MiddlewareHandler = async (c, next) => {
  await next()
  c.res.headers.set('Cache-Control', 'no-store')
}

/** Sends somebody to the provider. Nothing changes here, so a link does it, which no policy of ours stops. */
async function begin(c: Context, deps: Deps, signIn: SignIn): Promise<Response> {
  const { config, paths } = deps
  const to = returnAddress(c.req.query('to') ?? '', paths.base)
  if (isAuthenticated(c, deps)) return c.redirect(to, 303)
  const redirectUri = originOf(c, deps) + paths.signInCallback()
  try {
    const isSilent = c.req.query('silent') !== undefined
    const { url, cookie } = await signIn.begin(to, redirectUri, isSilent)
    keepAttempt(c, config, cookie)
    return c.redirect(url.href, 303)
  } catch (error) {
    const away = signIn.failureOf(error)
    if (away === null) throw error
    return failed(c, deps, to, away)
  }
}

/** Takes back who returns from the provider. Their session is a new one, whatever cookie they had. */
async function finish(c: Context, deps: Deps, signIn: SignIn): Promise<Response> {
  const { config, paths } = deps
  const query = new URL(c.req.url).search
  const ofBrowser = (name: string) => cookieOf(c, fullName(config, name))
  const finished = await signIn.finish(query, ofBrowser, clientOf(c, deps))
  if (finished.is === 'unknown') {
    // Back and Reload lead here.
    if (isAuthenticated(c, deps)) return c.redirect(paths.home(), 303)
    return signInPage(c, deps, paths.home(), 400, { is: 'unknown' })
  }
  dropAttempt(c, config, finished.cookie)
  if (finished.is !== 'in') return refuse(c, deps, finished)
  const before = cookieOf(c, sessionCookie(config))
  if (before !== undefined) await signIn.replace(before)
  keepSession(c, config, finished.session, config.session.totalMs)
  return c.redirect(finished.to, 303)
}

function refuse(
  c: Context,
  deps: Deps,
  finished: Exclude<Finished, { is: 'in' | 'unknown' }>,
): Response | Promise<Response> {
  const { to } = finished
  if (finished.is === 'broken off') return failed(c, deps, to, finished.reason)
  return signInPage(c, deps, to, 403, { is: finished.is, who: finished.who })
}

function failed(c: Context, deps: Deps, to: string, reason: FailureReason) {
  if (reason === 'login required') {
    // The silent attempt is made once: after it, people are as good as never signed in.
    dropSession(c, deps.config)
    return signInPage(c, deps, to, 401)
  }
  const trouble: SignInTrouble =
    reason === 'away' ? { is: 'away', at: timeOf(deps.now()) } : { is: reason }
  const status = reason === 'away' || reason === 'clock' ? 503 : 400
  return signInPage(c, deps, to, status, trouble)
}

/** The time of day, to the minute. */
function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`
}

/**
 * Ends the session here, and answers with a page that leads to the sign-out of the provider: browsers
 * do not follow a redirect to another site after a form.
 */
async function signOut(c: Context, deps: Deps, signIn: SignIn): Promise<Response> {
  const { config, paths } = deps
  const cookie = cookieOf(c, sessionCookie(config))
  const returnTo = originOf(c, deps) + paths.signedOut()
  const url =
    cookie === undefined ? null : await signIn.signOut(cookie, returnTo, clientOf(c, deps))
  dropSession(c, config)
  c.set('sender', nobody)
  // Files are kept by browsers for a year.
  if (config.url?.protocol === 'https:') c.header('Clear-Site-Data', '"cache"')
  const label = config.signIn?.label ?? ''
  return page(
    c,
    deps,
    <SignedOutPage label={label} providerUrl={url?.href ?? null} everywhere={false} />,
  )
}

/** The provider says that it ended a session. Its token is all that counts. */
async function endByProvider(c: Context, signIn: SignIn): Promise<Response> {
  const token = new URLSearchParams(await c.req.text()).get('logout_token') ?? ''
  const isValid = await signIn.endByProvider(token)
  return isValid ? c.body(null, 200) : c.json({ error: 'invalid_request' }, 400)
}

function clientOf(c: Context, deps: Deps): Client {
  return { agent: c.req.header('User-Agent') ?? '', address: clientAddress(c, deps) }
}
