import type { Context } from 'hono'
import { HeldFormPage } from '../../../views/pages/held-form-page.tsx'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import { SignInPage, SignInPanel, type SignInTrouble } from '../../../views/pages/sign-in-page.tsx'
import type { Deps } from '../../deps.ts'
import { readParts } from '../forms/form-body.ts'
import { BadForm } from '../forms/multipart.ts'
import { fragment, isPartial, page, pathOf } from './page.tsx'

/** Far more than a person types; it is held in memory for somebody who is not known. */
const mostText = 2 ** 20

/** Answers a request of somebody who has to sign in first, on a page of ours. */
export async function signInFirst(c: Context, deps: Deps): Promise<Response> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return answerGet(c, deps)
  // The scripts of the page keep the form, and say that its sender is signed out.
  if (isPartial(c)) return c.text('Sign in first.\n', 401)
  return heldForm(c, deps)
}

function answerGet(c: Context, deps: Deps): Response | Promise<Response> {
  const to = pathOf(c, deps)
  if (isPartial(c)) {
    const before = c.req.header('HX-Current-URL') ?? ''
    const shown = URL.parse(before)
    const back = shown ? shown.pathname + shown.search : deps.paths.home()
    return fragment(c, deps, <SignInPanel to={back} />, 401)
  }
  if (c.get('standing')?.is === 'over' && isNavigation(c))
    return c.redirect(`${deps.paths.signIn(to)}&silent`, 303)
  return signInPage(c, deps, to, 401)
}

/** Whether a browser opens a page, rather than a part of one. */
function isNavigation(c: Context): boolean {
  return /^text\/html\b/.test(c.req.header('Accept') ?? '')
}

/** Sends the page from which people sign in. */
export async function signInPage(
  c: Context,
  deps: Deps,
  to: string,
  status: 400 | 401 | 403 | 503,
  trouble?: SignInTrouble,
): Promise<Response> {
  const label = deps.config.signIn?.label ?? ''
  const content = <SignInPage label={label} to={to} {...(trouble ? { trouble } : {})} />
  const sent = await page(c, deps, content, status)
  sent.headers.set('Cache-Control', 'no-store')
  return sent
}

/**
 * Sends a form back that was sent without a session: its texts, and which files to choose again. The form
 * of a model is drawn by its own route once its sender is known.
 */
async function heldForm(c: Context, deps: Deps): Promise<Response> {
  const fields: [string, string][] = []
  const files: [string, string][] = []
  let text = 0
  await readParts(c, {
    field(name, value) {
      text += name.length + value.length
      if (text > mostText)
        throw new BadForm('Sign in first: this form is too large to be kept until then.')
      fields.push([name, value])
    },
    file: async (name, fileName) => {
      files.push([name, fileName])
    },
  })
  const { pathname, search } = new URL(c.req.url)
  const action = pathname.startsWith(`${deps.paths.base}/`) ? pathname : deps.paths.base + pathname
  // Run again has no form to come back to.
  const isOfModel = action === deps.paths.predictions() && !fields.some(([name]) => name === 'from')
  const held = <HeldFormPage {...{ action: action + search, fields, files, isOfModel }} />
  const sent = await page(c, deps, held, 401)
  sent.headers.set('Cache-Control', 'no-store')
  return sent
}

/** The page of somebody whom an operator shut out. */
export function disabledPage(c: Context, deps: Deps): Promise<Response> {
  const text = 'An operator of this server has disabled your account. Ask them for access.'
  return page(c, deps, <MessagePage title='Your account is disabled' text={text} />, 403)
}
