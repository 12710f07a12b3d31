import { createMiddleware } from 'hono/factory'
import { MessagePage } from '../../views/pages/message-page.tsx'
import type { Deps } from '../deps.ts'
import { mayOperate } from '../domain/policy.ts'
import { page } from './page.tsx'
import { viewerOf } from './viewer.ts'

/** Lets operators in, and tells everybody else who they are. */
export function operatorsOnly(deps: Deps) {
  return createMiddleware(async (c, next) => {
    if (mayOperate(viewerOf(c, deps))) return next()
    return page(
      c,
      deps,
      <MessagePage title='This page is for operators' text={whoTheyAre(deps)} />,
      403,
    )
  })
}

function whoTheyAre({ config }: Deps): string {
  if (config.auth.kind === 'header')
    return 'SANDPIT_OPERATORS names the people who may add models and change how they run.'
  if (config.localOperator)
    return 'Whoever is on the machine that this server runs on may add models and change how they run.'
  return (
    'This server can be reached from other machines, so nobody is its operator until SANDPIT_AUTH ' +
    'says how people sign in. SANDPIT_LOCAL_OPERATOR=true makes whoever is on its own machine the operator.'
  )
}
