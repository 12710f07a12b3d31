import { createMiddleware } from 'hono/factory'
import { MessagePage } from '../../../views/pages/message-page.tsx'
import { hasPeople } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { mayOperate } from '../../domain/policy.ts'
import { page } from './page.tsx'
import { viewerOf } from './viewer.ts'

/** Refuses viewers who are not operators, and tells them who is. */
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
  if (hasPeople(config))
    return 'Only operators can add models and change their settings. Ask one of them, or whoever set up this server: SANDPIT_OPERATORS names the first ones.'
  if (config.localOperator)
    return 'Only people on the machine that runs this server can add models and change their settings.'
  return 'This server can be reached from other machines, so it has no operator until SANDPIT_AUTH sets how people sign in. To make people on its own machine operators, set SANDPIT_LOCAL_OPERATOR=true.'
}
