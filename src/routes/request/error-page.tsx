import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { MessagePage, StillReadingPage } from '../../../views/pages/message-page.tsx'
import type { Deps } from '../../deps.ts'
import {
  busyRetrySeconds,
  FilesAway,
  InstancesAway,
  NoSpace,
  readingRetrySeconds,
  StillReading,
  StoreBusy,
} from '../../domain/unavailable.ts'
import { BadForm } from '../forms/multipart.ts'
import { refusals } from '../refusals.ts'
import { page } from './page.tsx'

/** The page for an address that leads nowhere. */
export function notFoundPage(c: Context, deps: Deps) {
  const text =
    'There is no model, prediction or page at this address. It may have been deleted, or the link may be incomplete.'
  return page(c, deps, <MessagePage title='Page not found' text={text} />, 404)
}

/** The page for what was thrown while a request was answered. */
export function errorPage(error: Error, c: Context, deps: Deps) {
  if (error instanceof BadForm) {
    const unread = <MessagePage title='That form could not be read' text={error.message} />
    return page(c, deps, unread, 400)
  }
  if (error instanceof NoSpace) {
    const text = refusals.notSaved['no space']
    return page(c, deps, <MessagePage title='That could not be saved' text={text} />, 507)
  }
  if (error instanceof StoreBusy) {
    c.header('Retry-After', String(busyRetrySeconds))
    const text = refusals.notSaved['database busy']
    return page(c, deps, <MessagePage title='The database is in use' text={text} />, 503)
  }
  if (error instanceof FilesAway) {
    c.header('Retry-After', String(busyRetrySeconds))
    const away = <MessagePage title='The files cannot be reached' text={refusals.filesAway} />
    return page(c, deps, away, 503)
  }
  if (error instanceof InstancesAway) {
    c.header('Retry-After', String(busyRetrySeconds))
    const away = <MessagePage title='Nothing was done yet' text={refusals.instancesAway} />
    return page(c, deps, away, 503)
  }
  if (error instanceof StillReading) return stillReadingPage(error, c, deps)
  // Middleware of Hono refuses with an error that carries its response.
  if (error instanceof HTTPException) return error.getResponse()
  const request = c.get('requestId')
  deps.log.error({ error, path: c.req.path, request }, 'A request failed')
  const text = `Something went wrong on the server, and nothing was run. Its log has the details: request ${request}.`
  return page(c, deps, <MessagePage title='That did not work' text={text} />, 500)
}

/** Reloads itself when it answers a page; a form has to be sent again. */
function stillReadingPage({ count }: StillReading, c: Context, deps: Deps) {
  c.header('Retry-After', String(readingRetrySeconds))
  const reloads = c.req.method === 'GET'
  if (reloads) c.header('Refresh', String(readingRetrySeconds))
  return page(c, deps, <StillReadingPage count={count} reloads={reloads} />, 503)
}
